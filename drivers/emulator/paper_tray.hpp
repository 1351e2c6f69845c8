// Where the pieces of paper of an emulated printer lie, each as a picture and as what can be read from it.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "drivers/emulator/paper_picture.hpp"

namespace gatehouse::drivers::emulator {

class PaperTray {
public:
    // Pictures are written to `folder` as NAME-1.png and so on; it is made when it is missing.
    PaperTray(std::filesystem::path folder, std::string printer);

    void add(const Picture& picture, std::vector<std::string> lines);  // throws std::runtime_error
    [[nodiscard]] std::size_t count() const { return pieces_.size(); }
    // The answer to {"do":"papers"}.
    [[nodiscard]] boost::json::object papers(const boost::json::object& request) const;

private:
    struct Piece {
        std::filesystem::path png;
        std::optional<std::string> qr;
        std::vector<std::string> lines;
    };

    std::filesystem::path folder_;
    std::string printer_;
    std::vector<Piece> pieces_;
};

}  // namespace gatehouse::drivers::emulator
