#include "drivers/emulator/qr_symbol.hpp"

#define ZX_USE_UTF8 1
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <ZXing/ReadBarcode.h>
#include <png.h>

#include <cstdio>
#include <stdexcept>

#include "drivers/emulator/paper_picture.hpp"

namespace gatehouse::drivers::emulator {

QrSymbol qr_symbol(const std::string& text, char correction) {
    constexpr int levels[] = {2, 4, 6, 8};  // ZXing's 0..8 for L, M, Q, H
    const auto level = correction >= '0' && correction <= '3' ? levels[correction - '0'] : levels[0];
    const auto matrix =
        ZXing::MultiFormatWriter(ZXing::BarcodeFormat::QRCode).setMargin(4).setEccLevel(level).encode(text, 0, 0);
    QrSymbol symbol{static_cast<unsigned>(matrix.width()), {}};
    for (int y = 0; y < matrix.height(); ++y)
        for (int x = 0; x < matrix.width(); ++x) symbol.black.push_back(matrix.get(x, y));
    return symbol;
}

std::optional<std::string> read_qr(const Picture& picture) {
    if (picture.height == 0) return std::nullopt;
    const ZXing::ImageView view(picture.dots.data(), static_cast<int>(picture.width), static_cast<int>(picture.height),
                                ZXing::ImageFormat::Lum);
    const auto found =
        ZXing::ReadBarcode(view, ZXing::DecodeHints().setFormats(ZXing::BarcodeFormat::QRCode).setTryHarder(true));
    if (!found.isValid()) return std::nullopt;
    return found.text();
}

void write_png(const Picture& picture, const std::filesystem::path& file) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = picture.width;
    image.height = picture.height;
    image.format = PNG_FORMAT_GRAY;
    if (png_image_write_to_file(&image, file.c_str(), 0, picture.dots.data(), 0, nullptr) == 0)
        throw std::runtime_error(file.string() + ": " + image.message);
}

}  // namespace gatehouse::drivers::emulator
