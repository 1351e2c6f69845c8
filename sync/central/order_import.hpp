// Orders of other sellers (外部订单) as rows of a file: which become records, and why the others do not. Pure; the
// shell looks codes up and writes. A row that is already there word for word is a duplicate, so a file may be sent
// again.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schemas/base/result.hpp"
#include "schemas/records/venue.hpp"

namespace gatehouse::central {

enum class RowOutcome : std::uint8_t { imported, duplicate, refused };
[[nodiscard]] std::string_view to_string(RowOutcome outcome);

struct RowResult {
    std::uint64_t line = 0;  // from 1; of a CSV file the header is line 1, of a list the first element is 1
    RowOutcome outcome{};
    std::optional<Error> why;        // of a refusal
    std::optional<TicketId> ticket;  // that the order became, or was already
    friend bool operator==(const RowResult&, const RowResult&) = default;
};

// The eight columns of the contract, by the file's own order.
class OrderColumns {
public:
    // Errors: invalid_body when a column is missing, unknown or there twice.
    [[nodiscard]] static Result<OrderColumns> of(const std::vector<std::string>& header);
    // Errors: invalid_body, naming the column. Whether the product exists is not asked here.
    [[nodiscard]] Result<OrderImported> read(const std::vector<std::string>& fields) const;

private:
    std::array<std::size_t, 8> at_{};
};

// Errors: invalid_body, naming the field.
[[nodiscard]] Result<void> check_order(const Catalogue& catalogue, const OrderImported& order);

// Cuts a CSV text at the ends of rows, so that a file of any length is read in pieces: each piece begins with the
// header and is what parse_csv takes.
class CsvPieces {
public:
    CsvPieces(std::string_view text, std::size_t rows) : rest_(text), rows_(rows) {}
    struct Piece {
        std::string text;              // the header, then rows
        std::uint64_t first_line = 0;  // in the file, of the piece's line 2
    };
    // Nothing: the text has ended. A piece has at most `rows` rows, the first one at least the header.
    [[nodiscard]] std::optional<Piece> next();

private:
    [[nodiscard]] std::string_view take_row();

    std::string_view rest_;
    std::size_t rows_;
    std::string header_;
    std::uint64_t line_ = 1;
    bool begun_ = false;
};

// Judges rows of one import, and remembers the codes of those not yet in the store.
class OrderJudge {
public:
    explicit OrderJudge(const Catalogue& catalogue) : catalogue_(catalogue) {}

    // `held` is the order with this code that the store has. Imported rows are to be written, in this order.
    [[nodiscard]] RowResult judge(std::uint64_t line, const Result<OrderImported>& row,
                                  const std::optional<OrderImported>& held);
    // The rows judged so far are in the store now: lookups find them.
    void written() { unwritten_.clear(); }

private:
    const Catalogue& catalogue_;
    std::unordered_map<std::string, OrderImported> unwritten_;
};

// Counts all rows; keeps the results of the first `most_kept_rows` and of as many refused ones.
class ImportResult {
public:
    static constexpr std::size_t most_kept_rows = 10'000;

    void add(RowResult row);
    [[nodiscard]] std::uint64_t imported() const { return imported_; }
    [[nodiscard]] std::uint64_t duplicate() const { return duplicate_; }
    [[nodiscard]] std::uint64_t refused() const { return refused_; }
    [[nodiscard]] const std::vector<RowResult>& rows() const { return rows_; }
    [[nodiscard]] std::uint64_t left_out() const { return imported_ + duplicate_ + refused_ - rows_.size(); }

private:
    std::uint64_t imported_ = 0;
    std::uint64_t duplicate_ = 0;
    std::uint64_t refused_ = 0;
    std::size_t kept_refusals_ = 0;
    std::vector<RowResult> rows_;
};

}  // namespace gatehouse::central
