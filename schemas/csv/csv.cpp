#include "schemas/csv/csv.hpp"

#include <algorithm>
#include <optional>

#include "schemas/base/utf8.hpp"

namespace gatehouse {

namespace {

Error at_line(std::size_t line, ErrorCode code, std::string_view what) {
    return fail(code, "line " + std::to_string(line) + ": " + std::string{what});
}

// Reads row after row off the front of the text.
class CsvReader {
public:
    CsvReader(std::string_view text, const CsvLimits& limits) : rest_(text), limits_(limits) {}

    // The next row that is not an empty line; a row without fields at the end.
    Result<CsvRow> next() {
        while (take_line_end()) {
        }
        CsvRow row{line_, {}};
        if (rest_.empty()) return row;
        while (true) {
            if (row.fields.size() == limits_.columns) return at_line(line_, ErrorCode::too_large, "too many columns");
            std::string field;
            if (const char* why = rest_.starts_with('"') ? quoted(field) : plain(field))
                return at_line(line_, ErrorCode::invalid_body, why);
            if (field.size() > limits_.field) return at_line(line_, ErrorCode::too_large, "a field is too long");
            row.fields.push_back(std::move(field));
            if (rest_.starts_with(',')) {
                rest_.remove_prefix(1);
                continue;
            }
            if (!rest_.empty() && !take_line_end())
                return at_line(line_, ErrorCode::invalid_body, "something after a quoted field");
            return row;
        }
    }

private:
    bool take_line_end() {
        const std::size_t size = rest_.starts_with("\r\n") ? 2 : rest_.starts_with('\n') ? 1 : 0;
        rest_.remove_prefix(size);
        line_ += size > 0 ? 1 : 0;
        return size > 0;
    }

    // Both leave the separator; they return what is wrong, or nothing.
    const char* plain(std::string& field) {
        const auto size = std::min(rest_.find_first_of(",\r\n\""), rest_.size());
        field = rest_.substr(0, std::min(size, limits_.field + 1));
        rest_.remove_prefix(size);
        if (rest_.starts_with('"')) return "a quote inside a field that is not quoted";
        return rest_.starts_with('\r') && !rest_.starts_with("\r\n") ? "a carriage return without a line feed"
                                                                     : nullptr;
    }

    const char* quoted(std::string& field) {
        rest_.remove_prefix(1);
        while (true) {
            const auto size = rest_.find('"');
            if (size == std::string_view::npos) return "a quoted field does not end";
            const auto part = rest_.substr(0, size);
            line_ += static_cast<std::size_t>(std::ranges::count(part, '\n'));
            if (field.size() <= limits_.field) field.append(part.substr(0, limits_.field + 1));
            rest_.remove_prefix(size + 1);
            if (!rest_.starts_with('"')) return nullptr;
            field.push_back('"');
            rest_.remove_prefix(1);
        }
    }

    std::string_view rest_;
    CsvLimits limits_;
    std::size_t line_ = 1;
};

std::optional<std::size_t> line_of_control(std::string_view text) {
    const auto bad = [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r') || c == 0x7f;
    };
    const auto at = std::ranges::find_if(text, bad);
    if (at == text.end()) return std::nullopt;
    return static_cast<std::size_t>(std::count(text.begin(), at, '\n')) + 1;
}

bool is_number(std::string_view text) {
    return text.size() > 1 &&
           std::ranges::all_of(text.substr(1), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
    const auto at = std::ranges::find(columns, name);
    if (at == columns.end()) return std::nullopt;
    return static_cast<std::size_t>(at - columns.begin());
}

Result<CsvTable> parse_csv(std::string_view text, CsvLimits limits) {
    if (text.size() > limits.octets) return fail(ErrorCode::too_large, "line 1: the file is too long");
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (const auto line = line_of_control(text)) return at_line(*line, ErrorCode::invalid_body, "a control character");
    if (!is_utf8(text)) return at_line(1, ErrorCode::invalid_body, "the file is not UTF-8");
    CsvReader reader{text, limits};
    CsvTable table;
    auto header = reader.next();
    if (!header) return header.error();
    if (header->fields.empty()) return at_line(1, ErrorCode::invalid_body, "no row that names the columns");
    table.columns = std::move(header->fields);
    while (true) {
        auto row = reader.next();
        if (!row) return row.error();
        if (row->fields.empty()) return table;
        if (table.rows.size() == limits.rows) return at_line(row->line, ErrorCode::too_large, "too many rows");
        if (row->fields.size() != table.columns.size())
            return at_line(row->line, ErrorCode::invalid_body, "not as many fields as columns");
        table.rows.push_back(std::move(*row));
    }
}

std::string csv_field(std::string_view text) {
    const bool formula = !text.empty() && std::string_view{"=+-@"}.find(text.front()) != std::string_view::npos;
    std::string out = formula && !is_number(text) ? "'" : "";
    out += text;
    if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
    std::string quoted = "\"";
    for (const char c : out) {
        if (c == '"') quoted.push_back('"');
        quoted.push_back(c);
    }
    return quoted + '"';
}

}  // namespace gatehouse
