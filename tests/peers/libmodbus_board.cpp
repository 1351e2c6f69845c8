// A relay and input board of libmodbus' server. Usage: libmodbus_board tcp PORT | rtu DEVICE
#include <modbus.h>

#include <chrono>
#include <cstdlib>
#include <cstring>

namespace {

using Clock = std::chrono::steady_clock;

// A coil that comes on lets a guest through: its sensor is active for 150 ms, soon after.
void walk(modbus_mapping_t& board, const unsigned char* before, Clock::time_point* passes) {
    const auto now = Clock::now();
    for (int way = 0; way < 2; ++way) {
        if (board.tab_bits[way] != 0 && before[way] == 0) passes[way] = now + std::chrono::milliseconds(50);
        const auto since = now - passes[way];
        board.tab_input_bits[way] = since >= since.zero() && since < std::chrono::milliseconds(150) ? 1 : 0;
    }
}

int serve(modbus_t* link, int listener) {
    modbus_mapping_t* board = modbus_mapping_new(64, 64, 64, 64);
    if (board == nullptr) return EXIT_FAILURE;
    Clock::time_point passes[2]{};
    unsigned char query[MODBUS_MAX_ADU_LENGTH];
    while (true) {
        if (listener >= 0 && modbus_tcp_accept(link, &listener) < 0) return EXIT_FAILURE;
        while (true) {
            const int length = modbus_receive(link, query);
            if (length < 0 && listener >= 0) break;
            if (length <= 0) continue;
            unsigned char before[2];
            std::memcpy(before, board->tab_bits, sizeof before);
            walk(*board, before, passes);
            modbus_reply(link, query, length, board);
            walk(*board, before, passes);
        }
    }
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) return EXIT_FAILURE;
    if (std::strcmp(words[1], "tcp") == 0) {
        modbus_t* link = modbus_new_tcp("127.0.0.1", std::atoi(words[2]));
        const int listener = modbus_tcp_listen(link, 1);
        return listener < 0 ? EXIT_FAILURE : serve(link, listener);
    }
    modbus_t* link = modbus_new_rtu(words[2], 9600, 'N', 8, 1);
    modbus_set_slave(link, 1);
    return modbus_connect(link) != 0 ? EXIT_FAILURE : serve(link, -1);
}
