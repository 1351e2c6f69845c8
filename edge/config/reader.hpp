// Reads a node's configuration: one TOML file and the conf.d/*.toml beside it, in the order of their names. A later
// file's value replaces an earlier one's; [[bus]], [[device]], [[lane]] and [[window]] of all files are put together.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "edge/config/settings.hpp"

namespace gatehouse::edge {

constexpr std::size_t largest_config_file = 1U << 20U;  // octets
constexpr std::size_t most_config_files = 64;

struct Document {
    std::string file;  // for messages
    std::string text;
};

// What was read, as far as it was understood, and every fault, in order of file and line. Use the settings only when
// there are none.
struct Loaded {
    Settings settings;
    ConfigFaults faults;
};

// Reads and checks; touches no file, device or directory.
[[nodiscard]] Loaded read_documents(const std::vector<Document>& documents);

// The file and its conf.d. A file that cannot be read is a fault at 1:1 of it.
[[nodiscard]] Loaded load_config(const std::filesystem::path& file);

}  // namespace gatehouse::edge
