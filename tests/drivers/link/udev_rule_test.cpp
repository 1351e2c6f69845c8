#include "drivers/link/udev_rule.hpp"

#include <doctest/doctest.h>

using namespace gatehouse::drivers;

namespace {

PluggedDevice scanner() {
    return {"tty", "/dev/ttyACM0", "05e0", "1701", "S1234", "00", "pci-0000:00:14.0-usb-0:2:1.0", "Symbol Scanner"};
}

}  // namespace

TEST_CASE("a device with a serial number is known by it, one without by its socket") {
    CHECK(is_bound_by_serial(scanner()));
    CHECK(
        udev_rule(scanner(), "scanner-1", "gatehouse") ==
        "SUBSYSTEM==\"tty\", ENV{ID_VENDOR_ID}==\"05e0\", ENV{ID_MODEL_ID}==\"1701\", ENV{ID_SERIAL_SHORT}==\"S1234\", "
        "ENV{ID_USB_INTERFACE_NUM}==\"00\", SYMLINK+=\"gatehouse/scanner-1\", GROUP=\"gatehouse\", MODE=\"0660\"");
    auto twin = scanner();
    twin.serial.clear();
    twin.subsystem = "input";
    CHECK(udev_rule(twin, "scanner-1", "gatehouse") ==
          "SUBSYSTEM==\"input\", KERNEL==\"event*\", ENV{ID_PATH}==\"pci-0000:00:14.0-usb-0:2:1.0\", "
          "ENV{ID_USB_INTERFACE_NUM}==\"00\", SYMLINK+=\"gatehouse/scanner-1\", GROUP=\"gatehouse\", MODE=\"0660\"");
    twin.path.clear();
    CHECK(udev_rule(twin, "scanner-1", "gatehouse").empty());
}

TEST_CASE("of a HID device or a printer udev is asked once to find out what it is known by, before it compares") {
    auto printer = scanner();
    printer.subsystem = "usbmisc";
    const auto rule = udev_rule(printer, "printer-1", "gatehouse");
    const auto first = with_rule("# by hand\n", "printer-1", rule);
    CHECK(first.find("IMPORT{builtin}=\"usb_id\"\n") < first.find("# by hand"));
    CHECK(first.ends_with("IMPORT{builtin}=\"path_id\"\n# by hand\n" + rule + "\n"));
    auto reader = scanner();
    reader.subsystem = "hidraw";
    const auto other = udev_rule(reader, "pos-1", "gatehouse");
    CHECK(with_rule(first, "pos-1", other) == first + other + "\n");
    CHECK(with_rule(first, "printer-1", rule) == first);
}

TEST_CASE("a device cannot write rules by its serial number") {
    auto hostile = scanner();
    hostile.serial = "\", RUN+=\"/bin/sh";
    CHECK_FALSE(is_bound_by_serial(hostile));
    CHECK(udev_rule(hostile, "scanner-1", "gatehouse").find("RUN") == std::string::npos);
    hostile.serial = "*";
    CHECK_FALSE(is_bound_by_serial(hostile));
}

TEST_CASE("a name's rule is replaced, others stay") {
    const auto one = udev_rule(scanner(), "scanner-1", "gatehouse");
    const auto two = udev_rule(scanner(), "scanner-2", "gatehouse");
    CHECK(with_rule("", "scanner-1", one) == one + "\n");
    const auto both = with_rule(one + "\n# by hand\n", "scanner-2", two);
    CHECK(both == one + "\n# by hand\n" + two + "\n");
    CHECK(with_rule(both, "scanner-1", "NEW") == "# by hand\n" + two + "\nNEW\n");
}

TEST_CASE("the configuration gets the likeliest driver") {
    CHECK(device_settings(scanner(), "scanner-1") ==
          "[[device]]\nname = \"scanner-1\"\ndriver = \"line\"\nport = \"/dev/gatehouse/scanner-1\"\n");
    auto keyboard = scanner();
    keyboard.subsystem = "input";
    CHECK(device_settings(keyboard, "k").find("driver = \"hid-keyboard\"\npath = ") != std::string::npos);
}
