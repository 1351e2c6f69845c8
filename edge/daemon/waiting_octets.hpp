// Octets of others' batches that wait for the disk, over all links. Each session bounds its own; a peer that comes
// again and again has a new one each time, while what the former ones brought still waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

namespace gatehouse::edge {

class WaitingOctets {
public:
    explicit WaitingOctets(std::size_t most) : most_(most) {}

    void took(std::uint64_t batch, std::size_t octets) {
        if (batches_.emplace(batch, octets).second) sum_ += octets;
    }
    // Stored or refused; one that is not known changes nothing.
    void answered(std::uint64_t batch) {
        const auto found = batches_.find(batch);
        if (found == batches_.end()) return;
        sum_ -= found->second;
        batches_.erase(found);
    }
    // Newcomers are turned away.
    [[nodiscard]] bool too_many() const { return sum_ > most_; }

private:
    std::size_t most_;
    std::size_t sum_ = 0;
    std::map<std::uint64_t, std::size_t> batches_;
};

}  // namespace gatehouse::edge
