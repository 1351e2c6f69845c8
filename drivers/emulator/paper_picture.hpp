// The paper as a picture, and what a scanner would read from it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/emulator/paper.hpp"

namespace gatehouse::drivers::emulator {

struct Picture {  // one octet a dot, 0 black, 255 white
    unsigned width = 0;
    unsigned height = 0;
    std::vector<std::uint8_t> dots;
};

// Draws text with a font that has Chinese. Throws std::runtime_error when the font is not installed
// (Debian: fonts-wqy-microhei).
class PaperPainter {
public:
    explicit PaperPainter(unsigned width);
    ~PaperPainter();
    [[nodiscard]] Picture draw(const Paper& paper);
    [[nodiscard]] Picture draw(const Label& label);

private:
    struct Brush;
    std::unique_ptr<Brush> brush_;
};

[[nodiscard]] std::optional<std::string> read_qr(const Picture& picture);
void write_png(const Picture& picture, const std::filesystem::path& file);  // throws std::runtime_error

}  // namespace gatehouse::drivers::emulator
