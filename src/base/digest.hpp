#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.hpp"

namespace movio {

// SHA-256 (FIPS 180-4) over bytes given in pieces.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void update(ByteView bytes);
    // 64 lower-case hexadecimal digits; the object cannot be used afterwards.
    std::string finish_hex();

private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string sha256_hex(ByteView bytes);

}  // namespace movio
