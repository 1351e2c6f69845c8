#include "edge/config/reader.hpp"

#include <algorithm>

#include "edge/config/checks.hpp"
#include "edge/config/section.hpp"

namespace gatehouse::edge {

namespace {

// One document into the settings. A member function a table, in the order of the contract.
class DocumentReader {
public:
    DocumentReader(Loaded& loaded, const std::string& file)
        : settings_(loaded.settings), faults_(loaded.faults), file_(file) {}

    void read(const toml::table& root) {
        Section top{root, file_, "", faults_};
        if (const auto* table = top.table("node")) node(*table);
        if (const auto* table = top.table("central")) central(*table);
        if (const auto* table = top.table("peers")) peers(*table);
        if (const auto* table = top.table("api")) api(*table);
        for (const auto* table : top.tables("bus")) bus(*table);
        for (const auto* table : top.tables("device")) device(*table);
        for (const auto* table : top.tables("lane")) lane(*table);
        for (const auto* table : top.tables("window")) window(*table);
        top.refuse_unknown();
    }

private:
    Section section(const toml::table& table, std::string name) { return {table, file_, std::move(name), faults_}; }

    void node(const toml::table& table) {
        auto part = section(table, "node");
        if (auto name = part.name_text("name")) settings_.node = NodeName{*name};
        if (auto dir = part.text("data_dir")) settings_.data_dir = *dir;
        part.refuse_unknown();
    }
    void central(const toml::table& table) {
        auto part = section(table, "central");
        if (auto urls = part.texts("urls")) settings_.central.urls = *urls;
        for (const auto& url : settings_.central.urls)
            if (!is_sync_url(url)) part.fault("urls", FaultText::not_sync_urls);
        part.refuse_unknown();
    }
    void peers(const toml::table& table) {
        auto part = section(table, "peers");
        if (auto listen = part.text("listen")) settings_.peers.listen = *listen;
        if (auto dialled = part.texts("static")) settings_.peers.dialled = *dialled;
        if (auto discovery = part.boolean("discovery")) settings_.peers.discovery = *discovery;
        if (!settings_.peers.listen.empty() && !is_host_port(settings_.peers.listen))
            part.fault("listen", FaultText::not_host_port);
        // A beacon says where this node is reached.
        if (settings_.peers.discovery && !listens_by_ipv4(settings_.peers.listen))
            part.fault("discovery", FaultText::discovery_without_listen);
        for (const auto& peer : settings_.peers.dialled)
            if (!is_host_port(peer)) part.fault("static", FaultText::not_host_ports);
        part.refuse_unknown();
    }
    void api(const toml::table& table) {
        auto part = section(table, "api");
        settings_.api.place = part.place_of("listen");
        if (auto listen = part.text("listen")) settings_.api.listen = *listen;
        if (auto socket = part.text("socket")) settings_.api.socket = *socket;
        if (auto tls = part.boolean("tls")) settings_.api.tls = *tls;
        if (auto hosts = part.texts("hosts")) settings_.api.hosts = *hosts;
        if (!is_host_port(settings_.api.listen)) part.fault("listen", FaultText::not_host_port);
        part.refuse_unknown();
    }
    void bus(const toml::table& table) {
        auto part = section(table, "bus");
        BusSettings bus{
            part.required_name("name").value_or(""), part.required_name("kind").value_or(""), {}, part.place()};
        bus.settings = part.rest();
        settings_.buses.push_back(std::move(bus));
    }
    void device(const toml::table& table) {
        auto part = section(table, "device");
        DeviceSettings device{DeviceName{part.required_name("name").value_or("")},
                              part.required_name("driver").value_or(""),
                              {},
                              part.place()};
        device.settings = part.rest();
        settings_.devices.push_back(std::move(device));
    }
    void lane(const toml::table& table) {
        auto part = section(table, "lane");
        LaneSettings lane;
        lane.place = part.place();
        lane.name = LaneName{part.required_name("name").value_or("")};
        lane.gate = GateName{part.required_name("gate").value_or("")};
        lane.zone = ZoneId{part.required_name("zone").value_or("")};
        const std::string direction = part.choice("direction", {"entry", "exit", "both"}).value_or("entry");
        lane.direction = direction == "entry"  ? LaneDirection::entry
                         : direction == "exit" ? LaneDirection::exit
                                               : LaneDirection::both;
        for (auto& scanner : part.texts("scanners").value_or(std::vector<std::string>{}))
            lane.scanners.push_back(DeviceName{std::move(scanner)});
        if (auto turnstile = part.name_text("turnstile")) lane.turnstile = DeviceName{*turnstile};
        part.refuse_unknown();
        settings_.lanes.push_back(std::move(lane));
    }
    void window(const toml::table& table) {
        auto part = section(table, "window");
        WindowSettings window;
        window.place = part.place();
        window.name = WindowName{part.required_name("name").value_or("")};
        if (auto printer = part.name_text("printer")) window.printer = DeviceName{*printer};
        for (auto& scanner : part.texts("scanners").value_or(std::vector<std::string>{}))
            window.scanners.push_back(DeviceName{std::move(scanner)});
        part.refuse_unknown();
        settings_.windows.push_back(std::move(window));
    }

    Settings& settings_;
    ConfigFaults& faults_;
    const std::string& file_;
};

// False: nothing of it was read.
bool read_document(const Document& document, Loaded& loaded) {
    if (document.text.size() > largest_config_file) {
        loaded.faults.push_back(
            {{document.file}, {FaultText::file_too_large, {{"most", std::to_string(largest_config_file)}}}, {}});
        return false;
    }
    try {
        DocumentReader{loaded, document.file}.read(toml::parse(document.text, document.file));
        return true;
    } catch (const toml::parse_error& error) {
        const auto at = error.source().begin;
        loaded.faults.push_back(
            {{document.file, std::max<std::uint32_t>(1, at.line), std::max<std::uint32_t>(1, at.column)},
             {FaultText::no_toml, {{"fault", std::string{error.description()}}}},
             {}});
        return false;
    }
}

}  // namespace

Loaded read_documents(const std::vector<Document>& documents) {
    Loaded loaded;
    bool whole = true;
    for (const Document& document : documents) whole = read_document(document, loaded) && whole;
    // What was not read is not missing: whoever is told so looks in the wrong place.
    if (whole) check_settings(loaded.settings, documents.empty() ? "" : documents.front().file, loaded.faults);
    sort_by_place(loaded.faults);
    return loaded;
}

}  // namespace gatehouse::edge
