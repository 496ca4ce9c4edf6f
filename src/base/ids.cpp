#include "base/ids.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <mutex>
#include <span>

#include <openssl/rand.h>

#include "base/error.hpp"

namespace movio {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Eight random bytes for an id. OpenSSL's generator is asked for many ids at once: each call costs a microsecond. No
// thread of this program goes on in a forked child, where the rest would be given out twice.
void fill_random(std::span<std::uint8_t, 8> out) {
    thread_local std::array<std::uint8_t, 512> pool;
    thread_local std::size_t used = pool.size();
    if (used == pool.size()) {
        if (RAND_bytes(pool.data(), static_cast<int>(pool.size())) != 1)
            throw Failure("cannot make an id: the system gives no random bytes");
        used = 0;
    }
    std::ranges::copy_n(pool.begin() + static_cast<std::ptrdiff_t>(used), out.size(), out.begin());
    used += out.size();
}

bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

Uuid Uuid::make() {
    static std::mutex mutex;
    static std::uint64_t last_tick = 0;
    std::array<std::uint8_t, 16> bytes;
    fill_random(std::span(bytes).last<8>());
    using namespace std::chrono;
    const auto now_us = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
    // 48 bits of milliseconds, then 12 bits of sub-millisecond counter (RFC 9562 §6.2, method 3).
    std::uint64_t tick =
        (static_cast<std::uint64_t>(now_us / 1000) << 12) | (static_cast<std::uint64_t>(now_us % 1000) * 4096 / 1000);
    {
        const std::scoped_lock lock(mutex);
        tick = last_tick = tick > last_tick ? tick : last_tick + 1;
    }
    const std::uint64_t ms = tick >> 12;
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    bytes[6] = static_cast<std::uint8_t>(0x70 | ((tick >> 8) & 0x0f));
    bytes[7] = static_cast<std::uint8_t>(tick);
    bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
    Uuid id;
    id.bytes_ = bytes;
    return id;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != kTextLength) return std::nullopt;
    Uuid id;
    std::size_t digit = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_dash_position(i)) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const int value = nibble(text[i]);
        if (value < 0) return std::nullopt;
        auto& byte = id.bytes_[digit / 2];
        byte = static_cast<std::uint8_t>((byte << 4) | value);
        ++digit;
    }
    return id;
}

std::string Uuid::text() const {
    std::string out;
    out.reserve(kTextLength);
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += kHex[bytes_[i] >> 4];
        out += kHex[bytes_[i] & 0x0f];
    }
    return out;
}

}  // namespace movio
