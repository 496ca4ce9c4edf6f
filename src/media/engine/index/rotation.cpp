#include "media/engine/index/rotation.hpp"

#include <array>
#include <cstdlib>
#include <cstring>

namespace movio::media {

Upright read_rotation(const AVStream& stream) {
    std::array<std::int32_t, 9> matrix{};
    const auto* data = av::stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, sizeof(matrix));
    if (data == nullptr) return {};
    std::memcpy(matrix.data(), data, sizeof(matrix));
    // x' = a x + c y, y' = b x + d y, y downwards.
    std::int64_t a = matrix[0];
    std::int64_t b = matrix[1];
    const std::int64_t c = matrix[3];
    const std::int64_t d = matrix[4];
    Upright upright;
    upright.mirrored = a * d - b * c < 0;
    if (upright.mirrored) {
        a = -a;
        b = -b;
    }
    if (std::abs(a) >= std::abs(b)) {
        upright.clockwise = a >= 0 ? 0 : 180;
    } else {
        upright.clockwise = b > 0 ? 90 : 270;
    }
    return upright;
}

}  // namespace movio::media
