#include "schemas/records/issued_codes.hpp"

#include <algorithm>

#include "schemas/crypto/crypto.hpp"

namespace gatehouse {

IssuedCode issued_code(std::string_view code) {
    const auto hash = sha256(view_of(code));
    IssuedCode issued{};
    std::copy_n(hash.begin(), issued.size(), issued.begin());
    return issued;
}

Bytes issued_codes_extension(const std::vector<IssuedCode>& codes) {
    Bytes extension;
    extension.reserve(codes.size() * sizeof(IssuedCode));
    for (const auto& code : codes) extension.insert(extension.end(), code.begin(), code.end());
    return extension;
}

std::optional<IssuedCode> issued_code_of(ByteView extension, std::uint16_t ordinal) {
    IssuedCode issued{};
    if (ordinal == 0 || extension.size() < ordinal * issued.size()) return std::nullopt;
    std::ranges::copy(extension.subspan((ordinal - 1U) * issued.size(), issued.size()), issued.begin());
    return issued;
}

}  // namespace gatehouse
