// The files themselves: reading them is all that happens here.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "edge/config/reader.hpp"

namespace gatehouse::edge {

namespace {

std::optional<Document> read_file(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    if (!in) return std::nullopt;
    Document document{path.string(), std::string(largest_config_file + 1, '\0')};
    in.read(document.text.data(), static_cast<std::streamsize>(document.text.size()));
    if (in.bad()) return std::nullopt;
    document.text.resize(static_cast<std::size_t>(in.gcount()));
    return document;
}

// Nothing when the folder is there and cannot be read: what it says is not known then.
std::optional<std::vector<std::filesystem::path>> drop_ins(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    std::error_code failed;
    for (std::filesystem::directory_iterator it{folder, failed}, end; !failed && it != end; it.increment(failed))
        if (it->path().extension() == ".toml") found.push_back(it->path());
    if (failed && failed != std::errc::no_such_file_or_directory) return std::nullopt;
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

Loaded load_config(const std::filesystem::path& file) {
    std::vector<std::filesystem::path> paths{file};
    const auto folder = file.parent_path() / "conf.d";
    const auto beside = drop_ins(folder);
    if (beside) paths.insert(paths.end(), beside->begin(), beside->end());
    std::vector<Document> documents;
    ConfigFaults unread;
    for (const auto& path : paths) {
        if (documents.size() >= most_config_files) {
            unread.push_back(
                {{path.string()}, {FaultText::too_many_files, {{"most", std::to_string(most_config_files)}}}, {}});
            break;
        }
        if (auto document = read_file(path)) {
            documents.push_back(std::move(*document));
        } else {
            unread.push_back({{path.string()}, {FaultText::file_unreadable, {}}, {}});
        }
    }
    if (!beside) unread.push_back({{folder.string()}, {FaultText::file_unreadable, {}}, {}});
    if (documents.empty()) return {{}, std::move(unread)};
    Loaded loaded = read_documents(documents);
    loaded.faults.insert(loaded.faults.begin(), unread.begin(), unread.end());
    return loaded;
}

}  // namespace gatehouse::edge
