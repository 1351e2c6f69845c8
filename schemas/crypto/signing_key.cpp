#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "schemas/crypto/crypto.hpp"

namespace gatehouse {

namespace {

constexpr std::string_view first_line = "gatehouse signing key v1\n";
constexpr std::size_t file_size = first_line.size() + 65;  // 64 hexadecimal digits and a line end

// A descriptor that closes itself.
class File {
public:
    explicit File(int fd) : fd_(fd) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int fd() const { return fd_; }

private:
    int fd_;
};

Error system_error(const std::filesystem::path& path, int error) {
    return fail(error == ENOENT ? ErrorCode::not_found : ErrorCode::io, path.string() + ": " + std::strerror(error));
}

Error flush_directory(const std::filesystem::path& path, bool& ok) {
    const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    const File directory{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    ok = directory.fd() >= 0 && ::fsync(directory.fd()) == 0;
    return ok ? Error{} : system_error(parent, errno);
}

}  // namespace

SigningKey SigningKey::generate() {
    crypto_start();
    SigningKey key;
    PublicKey ignored;
    crypto_sign_keypair(ignored.data(), key.secret_.data());
    return key;
}

SigningKey SigningKey::from_seed(const Seed& seed) {
    crypto_start();
    SigningKey key;
    PublicKey ignored;
    crypto_sign_seed_keypair(ignored.data(), key.secret_.data(), seed.data());
    return key;
}

SigningKey::SigningKey(SigningKey&& other) noexcept : secret_(other.secret_) {
    sodium_memzero(other.secret_.data(), other.secret_.size());
}

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
    if (this == &other) return *this;
    secret_ = other.secret_;
    sodium_memzero(other.secret_.data(), other.secret_.size());
    return *this;
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

PublicKey SigningKey::public_key() const {
    PublicKey key;
    std::memcpy(key.data(), secret_.data() + 32, key.size());
    return key;
}

Result<SigningKey> SigningKey::load(const std::filesystem::path& path) {
    const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (file.fd() < 0) return system_error(path, errno);
    struct stat status{};
    if (::fstat(file.fd(), &status) != 0) return system_error(path, errno);
    if (!S_ISREG(status.st_mode) || (status.st_mode & 0077U) != 0)
        return fail(ErrorCode::config, path.string() + ": a key file must be a plain file of mode 0600");
    std::string text(file_size + 1, '\0');
    const auto count = ::read(file.fd(), text.data(), text.size());
    if (count < 0) return system_error(path, errno);
    text.resize(static_cast<std::size_t>(count));
    const auto wipe = [](auto& secret) { sodium_memzero(secret.data(), secret.size()); };
    const bool framed = text.size() == file_size && text.starts_with(first_line) && text.ends_with('\n');
    auto seed = framed ? from_hex(std::string_view{text}.substr(first_line.size(), 64)) : std::nullopt;
    wipe(text);
    if (!seed) return fail(ErrorCode::config, path.string() + ": not a signing key");
    Seed octets;
    std::memcpy(octets.data(), seed->data(), octets.size());
    SigningKey key = from_seed(octets);
    wipe(*seed);
    wipe(octets);
    return key;
}

Result<void> SigningKey::save(const std::filesystem::path& path) const {
    const File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (file.fd() < 0) return system_error(path, errno);
    std::string text{first_line};
    text += to_hex(ByteView{secret_}.first(32)) + '\n';
    const auto count = ::write(file.fd(), text.data(), text.size());
    const bool written = count == static_cast<ssize_t>(text.size()) && ::fsync(file.fd()) == 0;
    const int error = count < 0 || written ? errno : ENOSPC;
    sodium_memzero(text.data(), text.size());
    if (!written) return system_error(path, error);
    bool flushed = false;
    const Error failure = flush_directory(path, flushed);
    if (!flushed) return failure;
    return {};
}

}  // namespace gatehouse
