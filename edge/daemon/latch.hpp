// The emergency latch: a plain file, so that it is found and obeyed before, and without, the journal. Its name says
// all, and a change is a renaming: that needs no room on a full disk.
//
//   nothing ──store(true)──▶ emergency.latch ◀──store(true), store(false)──▶ emergency.ended ──forget──▶ nothing
#pragma once

#include <filesystem>
#include <optional>

#include "schemas/base/result.hpp"

namespace gatehouse::edge {

class Latch {
public:
    explicit Latch(std::filesystem::path data_dir);
    // True: the emergency is open. False: it was ended. Nothing: the journal knows.
    [[nodiscard]] std::optional<bool> found() const;
    // Durable when it returns. Errors: io.
    [[nodiscard]] Result<void> store(bool open) const;
    // The journal knows that it was ended. Errors: io.
    [[nodiscard]] Result<void> forget() const;

private:
    std::filesystem::path directory_;
    std::filesystem::path set_;
    std::filesystem::path ended_;
};

}  // namespace gatehouse::edge
