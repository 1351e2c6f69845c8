// Tests that need what a machine may lack: somebody else's program, a device.
//
// Such a test belongs to the suite "with NAME" and is the ctest entry AREA_with_NAME (tests/CMakeLists.txt). Where it
// cannot run it says why: its entry then counts as skipped, not as passed.
#pragma once

#include <string_view>

namespace gatehouse {

// The test that calls this returns at once after. When all tests of a run did, their program ends with 77.
void skip_test(std::string_view reason);
[[nodiscard]] unsigned skipped_tests();

}  // namespace gatehouse
