// What every device machine hears from its port, and asks of it. The port is the shell's, see drivers/port.
#pragma once

#include <string>

#include "schemas/base/bytes.hpp"

namespace gatehouse::drivers {

// Events.
struct LinkUp {  // the port is open; nothing that was written before is under way any more
    friend bool operator==(const LinkUp&, const LinkUp&) = default;
};
struct LinkDown {  // the port is closed; it is opened again without being asked
    friend bool operator==(const LinkDown&, const LinkDown&) = default;
};
struct BytesRead {  // never empty; any split of the device's stream
    Bytes bytes;
    friend bool operator==(const BytesRead&, const BytesRead&) = default;
};
// What a parallel-style printer port says beside the data (LPGETSTATUS): after opening and on change. Machines that do
// not list it among their events are not told.
struct PrinterStatusRead {
    bool paper_out = false;
    bool selected = false;
    bool error = false;
    friend bool operator==(const PrinterStatusRead&, const PrinterStatusRead&) = default;
};
struct Ticked {  // the machine's deadline() has passed; one too many does no harm
    friend bool operator==(const Ticked&, const Ticked&) = default;
};

// Effects.
struct WriteBytes {
    Bytes bytes;
    friend bool operator==(const WriteBytes&, const WriteBytes&) = default;
};
struct HangUp {  // close the port and open it again: the device behind it has gone deaf
    friend bool operator==(const HangUp&, const HangUp&) = default;
};

}  // namespace gatehouse::drivers
