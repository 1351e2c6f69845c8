#include "drivers/printer/printed_text.hpp"

#include <iconv.h>

#include <cerrno>
#include <memory>
#include <string>
#include <type_traits>

#include "schemas/base/check.hpp"

namespace gatehouse::drivers {

namespace {

struct CloseIconv {
    void operator()(void* conversion) const { iconv_close(conversion); }
};

const char* name_of(EscposEncoding encoding) {
    switch (encoding) {
        case EscposEncoding::gb18030: return "GB18030//TRANSLIT";
        case EscposEncoding::gbk: return "GBK//TRANSLIT";
        case EscposEncoding::utf8:
        case EscposEncoding::raster: return "UTF-8";
    }
    return "UTF-8";
}

std::string without_controls(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) kept.push_back(c);
    }
    return kept;
}

}  // namespace

Result<Bytes> printed_text(std::string_view text, EscposEncoding encoding) {
    const std::unique_ptr<void, CloseIconv> conversion(iconv_open(name_of(encoding), "UTF-8"));
    if (reinterpret_cast<std::intptr_t>(conversion.get()) == -1) {
        return fail(ErrorCode::io, "the C library lacks the encoding GB18030");
    }
    std::string kept = without_controls(text);
    Bytes bytes(kept.size() * 4 + 4);
    char* in = kept.data();
    std::size_t in_left = kept.size();
    auto* out = reinterpret_cast<char*>(bytes.data());
    std::size_t out_left = bytes.size();
    if (iconv(conversion.get(), &in, &in_left, &out, &out_left) == static_cast<std::size_t>(-1))
        return fail(ErrorCode::invalid_body, "text for the printer is not UTF-8");
    bytes.resize(bytes.size() - out_left);
    return bytes;
}

}  // namespace gatehouse::drivers
