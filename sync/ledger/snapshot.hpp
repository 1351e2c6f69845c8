// Several reads that see one state of the database.
#pragma once

#include "sync/ledger/database.hpp"

namespace gatehouse::ledger {

// From the first read after it is made until it goes: what is committed meanwhile is not seen. It holds back the
// checkpoint's end, so it is for a look, not for a wait. One inside another sees what the outer one sees.
class Snapshot {
public:
    explicit Snapshot(Database& database) : database_(database) {
        static_cast<void>(database_.prepare("SAVEPOINT snapshot").run());
    }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot() { static_cast<void>(database_.prepare("RELEASE snapshot").run()); }

private:
    Database& database_;
};

}  // namespace gatehouse::ledger
