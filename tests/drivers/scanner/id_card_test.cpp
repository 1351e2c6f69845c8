#include <doctest/doctest.h>

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>

#include "drivers/scanner/id_card_session.hpp"
#include "tests/drivers/scanner/scanner_bench.hpp"

// Memory that is given back is searched for the number, as it is on the card and as text.
namespace {
bool watching = false;
int given_back = 0;

void search(const void* block) {
    constexpr std::string_view birthday = "19491231";
    const auto* first = static_cast<const char*>(block);
    const auto size = ::malloc_usable_size(const_cast<void*>(block));
    for (const std::size_t stride : {std::size_t{1}, std::size_t{2}})
        for (std::size_t at = 0; at + birthday.size() * stride <= size; ++at) {
            std::size_t same = 0;
            while (same < birthday.size() && first[at + same * stride] == birthday[same]) ++same;
            if (same == birthday.size()) ++given_back;
        }
}

void give_back(void* block) {
    if (watching && block != nullptr) search(block);
    std::free(block);
}
}  // namespace

void* operator new(std::size_t size) {
    auto* block = std::malloc(size == 0 ? 1 : size);
    if (block == nullptr) throw std::bad_alloc{};
    std::memset(block, 0, ::malloc_usable_size(block));  // of what was there before: this test's own numbers
    return block;
}
void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t /*size*/) noexcept { give_back(block); }

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;
using test::hex;
using test::texts;

namespace {

// Published frames.
const Bytes find = hex("AA AA AA 96 69 00 03 20 01 22");
const Bytes select_card = hex("AA AA AA 96 69 00 03 20 02 21");
const Bytes read_card = hex("AA AA AA 96 69 00 03 30 01 32");
const Bytes found = hex("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97");
const Bytes absent = hex("AA AA AA 96 69 00 04 00 00 80 84");
const Bytes selected = hex("AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C");

const std::string number = "11010519491231002X";  // the standard's own example

Bytes card(const std::string& with_number) {
    Bytes data(4 + 256 + 1024, 0);
    data[0] = 0x01;
    data[2] = 0x04;
    for (std::size_t i = 0; i < with_number.size(); ++i)
        data[4 + 122 + 2 * i] = static_cast<std::uint8_t>(with_number[i]);
    return encode_id_card_answer({id_card_done, data});
}

MacKey key_of(std::uint8_t octet) {
    MacKey key{};
    key.fill(octet);
    return key;
}

IdCardSession reading(std::int64_t ms) {
    IdCardOptions options;
    options.key = key_of(7);
    IdCardSession session(options);
    (void)session.step(LinkUp{}, at_ms(ms));
    (void)session.step(BytesRead{found}, at_ms(ms));
    (void)session.step(BytesRead{selected}, at_ms(ms));
    return session;
}

}  // namespace

TEST_CASE("identity-card commands and answers are framed as published") {
    CHECK(encode_id_card(IdCardCommand::find) == find);
    CHECK(encode_id_card(IdCardCommand::select) == select_card);
    CHECK(encode_id_card(IdCardCommand::read) == read_card);
    CHECK(encode_id_card(IdCardCommand::status) == hex("AA AA AA 96 69 00 03 11 FF ED"));
    CHECK(encode_id_card_answer({id_card_found, {0, 0, 0, 0}}) == found);
    CHECK(encode_id_card_answer({id_card_absent, {}}) == absent);
    CHECK(card(number).size() == 5 + 2 + 0x508);
    IdCardReader reader;
    CHECK(reader.take(found) == std::vector<IdCardAnswer>{{id_card_found, {0, 0, 0, 0}}});
}

TEST_CASE("the number's last character is its check") {
    CHECK(is_id_card_number(number));
    CHECK(is_id_card_number("440524188001010014"));
    CHECK_FALSE(is_id_card_number("110105194912310021"));
    CHECK_FALSE(is_id_card_number("11010519491231002x"));
    CHECK_FALSE(is_id_card_number("1101051949123100"));
    CHECK_FALSE(is_id_card_number("1101051949123100AX"));
}

TEST_CASE("answers are found in any pieces between noise, and those with a wrong check are passed over") {
    CHECK(rc::check([] {
        Bytes stream;
        std::size_t whole = 0;
        for (const auto kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4))) {
            auto piece = kind == 0 ? found : kind == 1 ? card(number) : kind == 2 ? Bytes{0x12, 0xAA, 0xAA} : absent;
            if (kind == 3) piece.back() ^= 1;
            whole += kind < 2 ? 1 : 0;
            stream.insert(stream.end(), piece.begin(), piece.end());
        }
        IdCardReader reader;
        std::size_t read = 0;
        for (std::size_t at = 0; at < stream.size();) {
            const auto length = std::min(*rc::gen::inRange<std::size_t>(1, 400), stream.size() - at);
            read += reader.take(ByteView(stream).subspan(at, length)).size();
            at += length;
        }
        RC_ASSERT(read == whole);
    }));
}

TEST_CASE(
    "The number leaves as the first 16 octets of its HMAC under the venue's key and in no other way; no memory is "
    "given back with the number in it.") {
    auto session = reading(0);
    const auto effects = session.step(BytesRead{card(number)}, at_ms(100));
    REQUIRE(texts(effects).size() == 1);
    const auto text = texts(effects).front();
    CHECK(text == id_card_digest(key_of(7), number));
    CHECK(text.starts_with("ID:"));
    CHECK(text.size() == 35);
    CHECK(text != id_card_digest(key_of(8), number));
    CHECK(test::written(effects).empty());

    const auto whole = card(number);
    const auto damaged = card("110105194912310021");
    for (const std::size_t length : {whole.size(), std::size_t{400}, std::size_t{5'000}}) {
        for (const auto& sent : {whole, damaged}) {
            std::optional<IdCardSession> kept(reading(0));
            BytesRead read{sent};
            read.bytes.resize(length);
            watching = true;
            for (const std::size_t piece : {std::size_t{3}, std::size_t{300}, length}) {
                const auto taken = std::min(piece, read.bytes.size());
                const auto middle = read.bytes.begin() + static_cast<Bytes::difference_type>(taken);
                ScannerEvent part = BytesRead{{read.bytes.begin(), middle}};
                read.bytes.erase(read.bytes.begin(), middle);
                if (taken > 0) (void)kept->step(part, at_ms(100));
                wipe(std::get<BytesRead>(part).bytes);
            }
            (void)kept->step(LinkDown{}, at_ms(200));
            kept.reset();
            watching = false;
        }
    }
    CHECK(given_back == 0);
    watching = true;
    {
        const Bytes not_wiped = whole;
    }
    watching = false;
    CHECK(given_back == 1);
}

TEST_CASE("a card is found, selected and read, and the reader asked again after a pause") {
    IdCardSession session;
    CHECK(session.step(LinkUp{}, at_ms(0)) == ScannerEffects{WriteBytes{find}});
    CHECK(session.step(BytesRead{absent}, at_ms(50)).empty());
    CHECK(session.deadline() == at_ms(350));
    CHECK(session.step(Ticked{}, at_ms(350)) == ScannerEffects{WriteBytes{find}});
    CHECK(session.step(BytesRead{found}, at_ms(400)) == ScannerEffects{WriteBytes{select_card}});
    CHECK(session.step(BytesRead{selected}, at_ms(450)) == ScannerEffects{WriteBytes{read_card}});
    CHECK(texts(session.step(BytesRead{card(number)}, at_ms(1'400))).size() == 1);
    CHECK(session.step(Ticked{}, at_ms(2'400)) == ScannerEffects{WriteBytes{find}});
}

TEST_CASE("A card that lies on the reader is one scan, however long it lies.") {
    auto session = reading(0);
    std::size_t scans = texts(session.step(BytesRead{card(number)}, at_ms(100))).size();
    for (std::int64_t ms = 1'100; ms < 60'000; ms += 2'000) {
        (void)session.step(Ticked{}, at_ms(ms));
        (void)session.step(BytesRead{found}, at_ms(ms + 100));
        (void)session.step(BytesRead{selected}, at_ms(ms + 200));
        scans += texts(session.step(BytesRead{card(number)}, at_ms(ms + 900))).size();
    }
    CHECK(scans == 1);
}

TEST_CASE("A card whose number's check character is wrong is never reported.") {
    auto session = reading(0);
    CHECK(session.step(BytesRead{card("110105194912310021")}, at_ms(100)) ==
          ScannerEffects{ReportDropped{DropReason::unreadable}});
    auto refused = reading(0);
    CHECK(refused.step(BytesRead{encode_id_card_answer({0x41, {}})}, at_ms(100)) ==
          ScannerEffects{ReportDropped{DropReason::unreadable}});
    auto torn = reading(0);
    CHECK(torn.step(LinkDown{}, at_ms(100)) == ScannerEffects{ReportDropped{DropReason::incomplete}});
    auto late = reading(0);
    CHECK(late.step(Ticked{}, at_ms(3'000)) == ScannerEffects{ReportDropped{DropReason::incomplete}});
}

TEST_CASE("A reader that is silent is said not to answer, and asked again and again.") {
    IdCardSession session;
    (void)session.step(LinkUp{}, at_ms(0));
    ScannerEffects all;
    Instant now = at_ms(0);
    for (int i = 0; i < 40; ++i) {
        now = *session.deadline();
        for (auto& effect : session.step(Ticked{}, now)) all.push_back(std::move(effect));
    }
    CHECK(std::ranges::count(all, ScannerEffect{ReportAnswering{false}}) == 1);
    CHECK(std::ranges::count(all, ScannerEffect{WriteBytes{find}}) == 20);
    (void)session.step(Ticked{}, *session.deadline());
    CHECK(session.step(BytesRead{absent}, now) == ScannerEffects{ReportAnswering{true}});
}

TEST_CASE("each card that a reader has read is one scan or one drop: none is lost") {
    CHECK(rc::check([] {
        IdCardSession session;
        Instant now = at_ms(0);
        std::size_t read = 0;
        std::size_t ended = 0;
        auto asked = test::written(session.step(LinkUp{}, now));
        const auto steps = *rc::gen::inRange(0, 60);
        for (int step = 0; step < steps; ++step) {
            now += std::chrono::milliseconds(*rc::gen::inRange(0, 600));
            Bytes answer;
            if (asked == find) answer = *rc::gen::element(found, absent);
            if (asked == select_card) answer = selected;
            if (asked == read_card) {
                answer = *rc::gen::element(card(number), card("440524188001010014"), card("110105194912310021"));
                ++read;
            }
            ScannerEffects effects;
            for (std::size_t at = 0; at < answer.size();) {
                const auto length = std::min(*rc::gen::inRange<std::size_t>(1, 900), answer.size() - at);
                const auto first = answer.begin() + static_cast<Bytes::difference_type>(at);
                for (auto& effect :
                     session.step(BytesRead{{first, first + static_cast<Bytes::difference_type>(length)}}, now))
                    effects.push_back(std::move(effect));
                at += length;
            }
            if (answer.empty()) effects = session.step(Ticked{}, now);
            ended += test::scans_and_drops(effects);
            asked = test::written(effects);
        }
        RC_ASSERT(ended == read);
    }));
}

TEST_CASE("whatever a card reader answers, cut and lost anyhow: only digests are reported") {
    CHECK(rc::check([] {
        Bytes stream;
        for (const auto kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5))) {
            const auto piece = kind == 0   ? found
                               : kind == 1 ? selected
                               : kind == 2 ? card(number)
                               : kind == 3 ? absent
                                           : *rc::gen::arbitrary<Bytes>();
            stream.insert(stream.end(), piece.begin(), piece.end());
        }
        IdCardSession session;
        test::play_anyhow(session, stream, [](const ScannerEffects& effects, Instant /*now*/) {
            for (const auto& text : texts(effects)) RC_ASSERT(text == id_card_digest({}, number));
        });
    }));
}
