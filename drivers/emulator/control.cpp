#include "drivers/emulator/control.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>

namespace gatehouse::drivers::emulator {

namespace {

using Protocol = boost::asio::local::stream_protocol;
constexpr std::size_t longest_line = 1 << 20;

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(Protocol::socket socket, DeviceSet& devices) : socket_(std::move(socket)), devices_(devices) {}

    void read() {
        boost::asio::async_read_until(
            socket_, boost::asio::dynamic_buffer(input_, longest_line), '\n',
            [self = shared_from_this()](const boost::system::error_code& error, std::size_t length) {
                if (error) return;
                const auto line = self->input_.substr(0, length);
                self->input_.erase(0, length);
                self->perform(line);
            });
    }

private:
    void perform(const std::string& line) {
        boost::system::error_code malformed;
        const auto request = boost::json::parse(line, malformed);
        const auto answer = [self = shared_from_this()](const boost::json::object& said) { self->write(said); };
        if (malformed || !request.is_object())
            answer(refusal("a request is one JSON object a line"));
        else
            devices_.perform(request.get_object(), answer);
    }

    void write(const boost::json::object& answer) {
        output_ = boost::json::serialize(answer) + '\n';
        boost::asio::async_write(socket_, boost::asio::buffer(output_),
                                 [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                                     if (!error) self->read();
                                 });
    }

    Protocol::socket socket_;
    DeviceSet& devices_;
    std::string input_;
    std::string output_;
};

Protocol::endpoint free_endpoint(const std::filesystem::path& path) {
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::remove(path);
    return {path.string()};
}

}  // namespace

Control::Control(boost::asio::io_context& io, const std::filesystem::path& path, DeviceSet& devices)
    : path_(path), acceptor_(io, free_endpoint(path)), devices_(devices) {
    accept();
}

Control::~Control() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void Control::accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, Protocol::socket socket) {
        if (error) return;
        std::make_shared<Connection>(std::move(socket), devices_)->read();
        accept();
    });
}

}  // namespace gatehouse::drivers::emulator
