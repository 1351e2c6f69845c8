#include "drivers/emulator/osdp_device.hpp"

#include <algorithm>

namespace gatehouse::drivers::emulator {

namespace {

constexpr AesBlock factory_key{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?'};
constexpr std::size_t longest_heard = 1'500;

unsigned osdp_crc(ByteView bytes) {
    unsigned crc = 0x1d0f;
    for (const auto byte : bytes) {
        unsigned mixed = (crc >> 8U ^ byte) & 0xffU;
        mixed ^= mixed >> 4U;
        crc = (crc << 8U ^ mixed << 12U ^ mixed << 5U ^ mixed) & 0xffffU;
    }
    return crc;
}

unsigned sum_check(ByteView bytes) {
    unsigned sum = 0;
    for (const auto byte : bytes) sum += byte;
    return (0x100U - (sum & 0xffU)) & 0xffU;
}

AesBlock mixed(const AesBlock& a, ByteView b) {
    AesBlock out = a;
    for (std::size_t i = 0; i < b.size() && i < 16; ++i) out[i] ^= b[i];
    return out;
}

AesBlock inverted(const AesBlock& block) {
    AesBlock out{};
    for (std::size_t i = 0; i < 16; ++i) out[i] = block[i] ^ 0xffU;
    return out;
}

AesBlock two(const std::array<std::uint8_t, 8>& a, const std::array<std::uint8_t, 8>& b) {
    AesBlock out{};
    for (std::size_t i = 0; i < 8; ++i) {
        out[i] = a[i];
        out[8 + i] = b[i];
    }
    return out;
}

std::pair<std::uint8_t, Bytes> nak(std::uint8_t why) { return {0x41, {why}}; }

}  // namespace

std::optional<Bytes> OsdpDevice::hear(ByteView bytes) {
    heard_.insert(heard_.end(), bytes.begin(), bytes.end());
    std::optional<Bytes> said;
    while (auto command = next_command()) said = answer(std::move(*command));
    if (heard_.size() > longest_heard) heard_.clear();
    return said;
}

// The next whole command for this device; everything else on the wire is passed over.
std::optional<OsdpDevice::Command> OsdpDevice::next_command() {
    while (heard_.size() >= 7) {
        const std::size_t length = heard_[2] + heard_[3] * 256U;
        if (heard_[0] != 0x53 || length < 7 || length > longest_heard) {
            heard_.erase(heard_.begin());
            continue;
        }
        if (heard_.size() < length) return std::nullopt;
        const Bytes whole(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(length));
        const bool crc = (whole[4] & 4U) != 0;
        const auto body = ByteView(whole).first(length - (crc ? 2 : 1));
        const unsigned check = crc ? whole[length - 2] + whole[length - 1] * 256U : whole[length - 1];
        if (check != (crc ? osdp_crc(body) : sum_check(body))) {
            heard_.erase(heard_.begin());
            continue;
        }
        heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(length));
        if (whole[1] != settings_.address && whole[1] != 0x7f) continue;
        Command command;
        command.whole = whole;
        command.control = whole[4];
        std::size_t at = 5;
        if ((whole[4] & 8U) != 0) {
            command.security = whole[6];
            command.security_data.assign(whole.begin() + 7, whole.begin() + 5 + whole[5]);
            at += whole[5];
        }
        command.code = whole[at];
        command.data.assign(body.begin() + static_cast<std::ptrdiff_t>(at) + 1, body.end());
        return command;
    }
    return std::nullopt;
}

std::optional<Bytes> OsdpDevice::answer(Command command) {
    ++commands_;
    const unsigned sequence = command.control & 3U;
    if (sequence == 0) {
        forget_panel();
    } else if (sequence_ == sequence) {
        if (command.whole == last_command_) return last_reply_;
        return out_of_sequence(command);
    } else if (!sequence_ || sequence != (*sequence_ == 3 ? 1 : *sequence_ + 1)) {
        return out_of_sequence(command);
    }
    sequence_ = sequence;
    last_command_ = command.whole;
    Reply reply = nak(6);
    if (channel_ == Channel::established && !authentic(command)) {
        channel_ = Channel::none;
    } else {
        const bool handshake =
            command.code == 0x61 || command.code == 0x62 || command.code == 0x76 || command.code == 0x77;
        if (channel_ == Channel::established || !settings_.demands_channel || handshake) reply = execute(command);
    }
    last_code_ = reply.first;
    last_reply_ = frame(command, reply);
    return last_reply_;
}

Bytes OsdpDevice::out_of_sequence(const Command& command) {
    ++sequence_errors_;
    channel_ = Channel::none;
    return frame(command, nak(4));
}

void OsdpDevice::forget_panel() {
    sequence_.reset();
    channel_ = Channel::none;
    last_command_.clear();
}

AesBlock OsdpDevice::mac_of(const AesBlock& from, ByteView bytes) const {
    Bytes padded(bytes.begin(), bytes.end());
    if (padded.size() % 16 != 0) padded.push_back(0x80);
    while (padded.size() % 16 != 0) padded.push_back(0);
    AesBlock chain = from;
    for (std::size_t at = 0; at < padded.size(); at += 16) {
        const bool last = at + 16 == padded.size();
        chain = encrypt_block(last ? mac2_ : mac1_, mixed(chain, ByteView(padded).subspan(at, 16)));
    }
    return chain;
}

// Checks the MAC, and puts the data in clear.
bool OsdpDevice::authentic(Command& command) {
    if (command.security != 0x15 && command.security != 0x17) return false;
    const std::size_t tail = (command.control & 4U) != 0 ? 6 : 5;
    if (command.data.size() < 4) return false;
    const auto mac = mac_of(rmac_, ByteView(command.whole).first(command.whole.size() - tail));
    const Bytes sent(command.data.end() - 4, command.data.end());
    if (!std::equal(sent.begin(), sent.end(), mac.begin())) return false;
    command.data.resize(command.data.size() - 4);
    if (command.security == 0x17) {
        Bytes clear;
        AesBlock chain = inverted(rmac_);
        for (std::size_t at = 0; at + 16 <= command.data.size(); at += 16) {
            AesBlock block{};
            std::copy_n(command.data.begin() + static_cast<std::ptrdiff_t>(at), 16, block.begin());
            const auto plain = mixed(decrypt_block(enc_, block), chain);
            clear.insert(clear.end(), plain.begin(), plain.end());
            chain = block;
        }
        while (!clear.empty() && clear.back() == 0) clear.pop_back();
        if (clear.empty() || clear.back() != 0x80) return false;
        clear.pop_back();
        command.data = clear;
    }
    cmac_ = mac;
    return true;
}

OsdpDevice::Reply OsdpDevice::execute(const Command& command) {
    switch (command.code) {
        case 0x60: return poll();
        case 0x61: return {0x45, {0xca, 0x44, 0xca, 0x99, 0x01, 0xbe, 0xba, 0xfe, 0xca, 1, 2, 3}};
        case 0x62:
            return {0x46, {1,  1, static_cast<std::uint8_t>(inputs_.size()),
                           2,  2, static_cast<std::uint8_t>(outputs_.size()),
                           4,  4, 1,
                           5,  2, 1,
                           6,  1, 1,
                           8,  1, 0,
                           9,  1, 0,
                           16, 2, 0}};
        case 0x64: return {0x48, {tamper_ ? std::uint8_t{1} : std::uint8_t{0}, 0}};
        case 0x65: return {0x49, {inputs_.begin(), inputs_.end()}};
        case 0x66: return {0x4a, {outputs_.begin(), outputs_.end()}};
        case 0x68: return drive_output(command.data);
        case 0x69: watch_.shown("led", to_hex(command.data)); return {0x40, {}};
        case 0x6a: watch_.shown("buzzer", to_hex(command.data)); return {0x40, {}};
        case 0x6b:
            if (command.data.size() < 6) return nak(2);
            watch_.shown("text", {command.data.begin() + 6, command.data.end()});
            return {0x40, {}};
        case 0x75: return take_key(command.data);
        case 0x76: return challenge(command);
        case 0x77: return prove(command);
        default: return nak(3);
    }
}

OsdpDevice::Reply OsdpDevice::poll() {
    if (told_.empty()) return {0x40, {}};
    auto reply = std::move(told_.front());
    told_.pop_front();
    return reply;
}

OsdpDevice::Reply OsdpDevice::drive_output(const Bytes& data) {
    if (data.size() % 4 != 0 || data.empty()) return nak(2);
    for (std::size_t at = 0; at < data.size(); at += 4)
        if (data[at] >= outputs_.size() || data[at + 1] > 6) return nak(9);
    for (std::size_t at = 0; at < data.size(); at += 4)
        watch_.out(data[at], data[at + 1], data[at + 2] + data[at + 3] * 256U);
    if (settings_.answers_out_with_state) return {0x4a, {outputs_.begin(), outputs_.end()}};
    return {0x40, {}};
}

OsdpDevice::Reply OsdpDevice::challenge(const Command& command) {
    if (command.security != 0x11 || command.data.size() != 8 || command.security_data.size() != 1) return nak(6);
    default_key_ = command.security_data[0] == 0;
    if (default_key_ && settings_.key) return nak(6);  // the default key opens nothing any more
    std::copy_n(command.data.begin(), 8, panel_random_.begin());
    ++challenges_;
    for (std::size_t i = 0; i < 8; ++i) own_random_[i] = static_cast<std::uint8_t>(0xa0 + i + challenges_ * 16U);
    const auto base = settings_.key.value_or(factory_key);
    const auto derived = [&](std::uint8_t kind) {
        AesBlock block{};
        block[0] = 1;
        block[1] = kind;
        std::copy_n(panel_random_.begin(), 6, block.begin() + 2);
        return encrypt_block(base, block);
    };
    enc_ = derived(0x82);
    mac1_ = derived(1);
    mac2_ = derived(2);
    channel_ = Channel::challenged;
    Bytes data{0, 1, 2, 3, 4, 5, 6, settings_.address};
    data.insert(data.end(), own_random_.begin(), own_random_.end());
    const auto proof = encrypt_block(enc_, two(panel_random_, own_random_));
    data.insert(data.end(), proof.begin(), proof.end());
    return {0x76, data};
}

OsdpDevice::Reply OsdpDevice::prove(const Command& command) {
    const auto wanted = encrypt_block(enc_, two(own_random_, panel_random_));
    const bool right = channel_ == Channel::challenged && command.data.size() == 16 &&
                       std::equal(wanted.begin(), wanted.end(), command.data.begin());
    if (!right) {
        channel_ = Channel::none;
        return nak(6);
    }
    rmac_ = encrypt_block(mac2_, encrypt_block(mac1_, wanted));
    return {0x78, {rmac_.begin(), rmac_.end()}};
}

OsdpDevice::Reply OsdpDevice::take_key(const Bytes& data) {
    if (channel_ != Channel::established) return nak(6);
    if (data.size() != 18 || data[0] != 1 || data[1] != 16) return nak(2);
    AesBlock key{};
    std::copy_n(data.begin() + 2, 16, key.begin());
    settings_.key = key;
    watch_.shown("keyset", "");
    return {0x40, {}};
}

Bytes OsdpDevice::frame(const Command& command, const Reply& reply) {
    auto [code, data] = reply;
    Bytes block;
    bool mac = false;
    if (channel_ == Channel::established) {
        mac = true;
        block = {2, static_cast<std::uint8_t>(data.empty() ? 0x16 : 0x18)};
        if (!data.empty()) {
            data.push_back(0x80);
            while (data.size() % 16 != 0) data.push_back(0);
            AesBlock chain = inverted(cmac_);
            for (std::size_t at = 0; at < data.size(); at += 16) {
                chain = encrypt_block(enc_, mixed(chain, ByteView(data).subspan(at, 16)));
                std::ranges::copy(chain, data.begin() + static_cast<std::ptrdiff_t>(at));
            }
        }
    } else if (code == 0x76) {
        block = {3, 0x12, static_cast<std::uint8_t>(settings_.key ? 1 : 0)};
    } else if (code == 0x78) {
        block = {3, 0x14, 1};
        channel_ = Channel::established;
    }
    const bool crc = (command.control & 4U) != 0;
    const std::size_t length = 6 + block.size() + data.size() + (mac ? 4 : 0) + (crc ? 2 : 1);
    const auto address = command.whole[1] == 0x7f ? std::uint8_t{0x7f} : settings_.address;
    Bytes out{0x53, static_cast<std::uint8_t>(address | 0x80U), static_cast<std::uint8_t>(length % 256),
              static_cast<std::uint8_t>(length / 256),
              static_cast<std::uint8_t>((command.control & 7U) | (block.empty() ? 0U : 8U))};
    out.insert(out.end(), block.begin(), block.end());
    out.push_back(code);
    out.insert(out.end(), data.begin(), data.end());
    if (mac) {
        rmac_ = mac_of(cmac_, out);
        out.insert(out.end(), rmac_.begin(), rmac_.begin() + 4);
    }
    const unsigned check = crc ? osdp_crc(out) : sum_check(out);
    out.push_back(static_cast<std::uint8_t>(check % 256));
    if (crc) out.push_back(static_cast<std::uint8_t>(check / 256));
    return out;
}

void OsdpDevice::set_input(std::size_t input, bool active) {
    if (input >= inputs_.size() || inputs_[input] == active) return;
    inputs_[input] = active;
    told_.push_back({0x49, {inputs_.begin(), inputs_.end()}});
}

void OsdpDevice::read_card(Bytes data, std::uint16_t bits) {
    Bytes said{0, 0, static_cast<std::uint8_t>(bits % 256), static_cast<std::uint8_t>(bits / 256)};
    said.insert(said.end(), data.begin(), data.end());
    told_.push_back({0x50, std::move(said)});
}

void OsdpDevice::press(std::string_view keys) {
    Bytes said{0, static_cast<std::uint8_t>(keys.size())};
    for (const char key : keys) said.push_back(static_cast<std::uint8_t>(key == '#' ? 0x0d : key == '*' ? 0x7f : key));
    told_.push_back({0x53, std::move(said)});
}

void OsdpDevice::set_tamper(bool tamper) {
    tamper_ = tamper;
    told_.push_back({0x48, {tamper ? std::uint8_t{1} : std::uint8_t{0}, 0}});
}

void OsdpDevice::restart() {
    forget_panel();
    heard_.clear();
    told_.clear();
    outputs_.assign(outputs_.size(), false);
    told_.push_back({0x48, {tamper_ ? std::uint8_t{1} : std::uint8_t{0}, 1}});
}

}  // namespace gatehouse::drivers::emulator
