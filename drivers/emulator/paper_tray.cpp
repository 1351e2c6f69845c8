#include "drivers/emulator/paper_tray.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "drivers/emulator/emulated_device.hpp"

namespace gatehouse::drivers::emulator {

PaperTray::PaperTray(std::filesystem::path folder, std::string printer)
    : folder_(std::move(folder)), printer_(std::move(printer)) {
    std::filesystem::create_directories(folder_);
}

void PaperTray::add(const Picture& picture, std::vector<std::string> lines) {
    Piece piece;
    piece.lines = std::move(lines);
    piece.qr = read_qr(picture);
    piece.png = folder_ / (printer_ + "-" + std::to_string(pieces_.size() + 1) + ".png");
    write_png(picture, piece.png);
    pieces_.push_back(std::move(piece));
}

boost::json::object PaperTray::papers(const boost::json::object& request) const {
    boost::json::array list;
    const auto since = number_of(request, "since", 0);
    for (std::size_t i = static_cast<std::size_t>(std::max<std::int64_t>(0, since)); i < pieces_.size(); ++i) {
        const auto& piece = pieces_[i];
        boost::json::array lines(piece.lines.begin(), piece.lines.end());
        boost::json::object one{{"n", i + 1}, {"png", piece.png.string()}, {"lines", std::move(lines)}};
        if (piece.qr)
            one["qr"] = *piece.qr;
        else
            one["qr"] = nullptr;
        list.push_back(std::move(one));
    }
    return {{"papers", std::move(list)}};
}

}  // namespace gatehouse::drivers::emulator
