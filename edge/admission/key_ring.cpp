#include "edge/admission/key_ring.hpp"

#include <algorithm>

namespace gatehouse::edge {

bool KeyRing::add(ByteView certificate) {
    const auto read = verify_certificate(authority_, venue_, certificate);
    if (!read) return false;
    add_key(read->node, read->signing_key);
    auto& known = nodes_[read->node];
    if (known.name.empty() || read->not_before >= known.named) {
        known.name = read->name.value;
        known.named = read->not_before;
    }
    return true;
}

void KeyRing::add_key(NodeId node, const PublicKey& key) {
    auto& keys = nodes_[node].keys;
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
}

void KeyRing::revoke(const NodeRevoked& revocation) {
    const auto [at, fresh] = revoked_.try_emplace({revocation.node, revocation.epoch}, revocation.last);
    if (!fresh) at->second = std::min(at->second, revocation.last);
}

std::string KeyRing::name_of(NodeId node) const {
    const auto at = nodes_.find(node);
    return at == nodes_.end() ? std::string{} : at->second.name;
}

bool KeyRing::is_revoked(NodeId node) const {
    const auto first = revoked_.lower_bound({node, Epoch{0}});
    return first != revoked_.end() && first->first.node == node;
}

// A key that is no longer trusted could sign for any epoch and number. So once a node is revoked, its later epochs are
// not trusted at all, and what came before is believed only where the sale's own record is held.
bool KeyRing::is_revoked(const RecordRef& sold, bool sale_held) const {
    const auto first = revoked_.lower_bound({sold.node, Epoch{0}});
    if (first == revoked_.end() || first->first.node != sold.node) return false;
    if (sold.epoch > first->first.epoch) return true;
    if (sold.epoch == first->first.epoch && sold.seq > first->second) return true;
    return !sale_held;
}

bool KeyRing::is_signed(const Known& seller, const ScannedCode& code) {
    if (was_good(code)) return true;
    const auto signs = [&](const PublicKey& key) { return verify_ticket(key, venue_, code); };
    if (std::ranges::none_of(seller.keys, signs)) return false;
    found_good(code);
    return true;
}

bool KeyRing::was_good(const ScannedCode& code) const {
    const auto same = [&](const ScannedCode& good) {
        return good.signature == code.signature && good.octets == code.octets;
    };
    return std::ranges::any_of(good_, same);
}

void KeyRing::found_good(const ScannedCode& code) { good_[next_good_++ % good_.size()] = code; }

std::vector<PublicKey> KeyRing::keys_to_check(const ScannedCode& code) const {
    const auto at = nodes_.find(code.payload.id.sold.node);
    if (at == nodes_.end() || was_good(code)) return {};
    return at->second.keys;
}

Standing KeyRing::standing(const ScannedCode& code, SaleRecord sale) {
    const auto& sold = code.payload.id.sold;
    const auto at = nodes_.find(sold.node);
    if (at == nodes_.end()) return Standing::unknown_seller;
    if (sale != SaleRecord::names_code && !is_signed(at->second, code)) return Standing::bad_signature;
    return is_revoked(sold, sale != SaleRecord::unheard) ? Standing::revoked_key : Standing::good;
}

}  // namespace gatehouse::edge
