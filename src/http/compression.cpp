#include "http/compression.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <zlib.h>

#include "base/error.hpp"
#include "http/headers.hpp"

namespace movio::http {
namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// The weight in thousandths; what does not parse counts as refused.
int weight_of(std::string_view parameters) {
    const auto q = trim(parameters);
    if (q.empty()) return 1000;
    if (q.size() < 3 || (q[0] != 'q' && q[0] != 'Q') || q[1] != '=' || (q[2] != '0' && q[2] != '1')) return 0;
    int weight = (q[2] - '0') * 1000;
    int unit = 100;
    for (std::size_t i = 4; i < q.size() && unit > 0; ++i, unit /= 10) {
        if (q[i] < '0' || q[i] > '9') return 0;
        weight += (q[i] - '0') * unit;
    }
    return std::min(weight, 1000);
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
    int gzip_weight = -1;
    int any_weight = -1;
    int identity_weight = -1;
    while (!accept_encoding.empty()) {
        const auto comma = accept_encoding.find(',');
        auto item = accept_encoding.substr(0, comma);
        accept_encoding.remove_prefix(comma == std::string_view::npos ? accept_encoding.size() : comma + 1);
        const auto semicolon = item.find(';');
        const auto coding = trim(item.substr(0, semicolon));
        const int weight =
            weight_of(semicolon == std::string_view::npos ? std::string_view() : item.substr(semicolon + 1));
        if (equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip")) gzip_weight = weight;
        if (coding == "*") any_weight = weight;
        if (equals_ignoring_case(coding, "identity")) identity_weight = weight;
    }
    if (gzip_weight < 0) gzip_weight = std::max(any_weight, 0);
    return gzip_weight > 0 && gzip_weight >= identity_weight;
}

bool is_compressible(std::string_view content_type) {
    static constexpr std::array<std::string_view, 10> kTypes{
        "application/json", "application/problem+json", "application/dash+xml",      "application/vnd.apple.mpegurl",
        "application/xml",  "application/javascript",   "application/manifest+json", "image/svg+xml",
        "audio/mpegurl",    "application/x-mpegurl",
    };
    const auto type = trim(content_type.substr(0, content_type.find(';')));
    if (type.starts_with("text/")) return type != "text/event-stream";
    return std::ranges::any_of(kTypes, [type](std::string_view known) { return equals_ignoring_case(type, known); });
}

std::string gzip(std::string_view text, int level) {
    if (text.size() > std::numeric_limits<uInt>::max())
        throw Failure("a text above 4 GiB cannot be compressed in memory");
    z_stream stream{};
    constexpr int kGzipWindow = 15 + 16;
    if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw Failure("cannot compress: zlib has no memory");
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    // zlib only reads from next_in; its type is older than const.
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int outcome = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (outcome != Z_STREAM_END) throw Failure("cannot compress: zlib did not finish");
    return out;
}

}  // namespace movio::http
