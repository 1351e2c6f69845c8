// The emergency latch: a plain file, so that it is found and obeyed before, and without, the journal.
#pragma once

#include <filesystem>

#include "schemas/base/result.hpp"

namespace gatehouse::edge {

class Latch {
public:
    explicit Latch(std::filesystem::path data_dir);
    [[nodiscard]] bool is_set() const;
    // Durable when it returns. Errors: io.
    [[nodiscard]] Result<void> store(bool open) const;

private:
    std::filesystem::path directory_;
    std::filesystem::path file_;
};

}  // namespace gatehouse::edge
