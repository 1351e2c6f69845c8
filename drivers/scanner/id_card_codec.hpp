// The serial protocol of readers for Chinese identity cards (SAM module).
//
//   command  AA AA AA 96 69 length (2) command (1) parameter (1) data … check (1)
//   answer   AA AA AA 96 69 length (2) 00 00 status (1) data … check (1)
//
// The length counts what follows it, high octet first; the check is the XOR of length to data. Text on the card is
// UTF-16, low octet first, at fixed places: the number is 36 octets after name (30), sex (2), people (4), birthday (16)
// and address (70).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers {

enum class IdCardCommand : std::uint16_t { status = 0x11FF, find = 0x2001, select = 0x2002, read = 0x3001 };

constexpr std::uint8_t id_card_done = 0x90;  // statuses
constexpr std::uint8_t id_card_found = 0x9F;
constexpr std::uint8_t id_card_absent = 0x80;

struct IdCardAnswer {
    std::uint8_t status = 0;
    Bytes data;
    friend bool operator==(const IdCardAnswer&, const IdCardAnswer&) = default;
};

[[nodiscard]] Bytes encode_id_card(IdCardCommand command);
[[nodiscard]] Bytes encode_id_card_answer(const IdCardAnswer& answer);  // precondition: data within 4 kB

// The number in the data of the answer to `read`: 18 characters whose last one is their check (GB 11643-1999).
// Nothing when the data is short or the number wrong. The caller wipes what it no longer needs.
[[nodiscard]] std::optional<std::string> id_card_number(ByteView data);
[[nodiscard]] bool is_id_card_number(std::string_view number);

// Finds answers in a stream. What it holds is wiped as it is used.
class IdCardReader {
public:
    [[nodiscard]] std::vector<IdCardAnswer> take(ByteView bytes);
    void clear();

private:
    void hold(std::size_t octets);
    void drop(std::size_t count);
    Bytes rest_;
};

// Overwrites personal data in memory.
void wipe(Bytes& bytes);
void wipe(std::string& text);

}  // namespace gatehouse::drivers
