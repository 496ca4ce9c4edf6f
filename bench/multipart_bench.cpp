// How fast the bytes of an upload pass the search for its boundary; memcpy of the same bytes for comparison.
#include <cstring>
#include <random>
#include <string>

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "http/multipart.hpp"

namespace movio::http {
namespace {

constexpr std::size_t kPieceBytes = 128 << 10;  // as the connection reads
constexpr std::size_t kFilmBytes = 64 << 20;
constexpr std::string_view kBoundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

// One file in a form; its bytes are the same piece again and again.
class FilmBody final : public BodyReader {
public:
    explicit FilmBody(const std::string& piece) : piece_(piece) {}

    Awaitable<Result<ByteView>> read() override {
        std::string_view out = end_;
        if (turn_ == 0) out = head_;
        if (turn_ > 0 && turn_ <= kFilmBytes / kPieceBytes) out = piece_;
        ++turn_;
        const auto bytes = as_bytes(out);
        co_return bytes;
    }

private:
    const std::string& piece_;
    const std::string head_ =
        "--" + std::string(kBoundary) + "\r\nContent-Disposition: form-data; name=video; filename=f\r\n\r\n";
    const std::string end_ = "\r\n--" + std::string(kBoundary) + "--\r\n";
    std::size_t turn_ = 0;
};

Awaitable<void> read_film(BodyReader& body, std::size_t& bytes) {
    MultipartReader reader(body, kBoundary);
    while (co_await reader.next() && bytes < kFilmBytes)
        for (auto piece = co_await reader.read(); piece && !piece->empty(); piece = co_await reader.read())
            bytes += piece->size();
}

void read_form(benchmark::State& state, const std::string& piece) {
    for (auto _ : state) {
        FilmBody body(piece);
        std::size_t bytes = 0;
        asio::io_context loop;
        asio::co_spawn(loop, read_film(body, bytes), asio::detached);
        loop.run();
        if (bytes != kFilmBytes) state.SkipWithError("the film did not come whole");
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kFilmBytes));
}

// As a compressed film is.
void random_bytes(benchmark::State& state) {
    std::mt19937_64 random(1);
    std::string piece(kPieceBytes, '\0');
    for (auto& c : piece) c = static_cast<char>(random());
    read_form(state, piece);
}
BENCHMARK(random_bytes)->Unit(benchmark::kMillisecond);

// All of it looks like the beginning of a boundary.
void nearly_boundaries(benchmark::State& state) {
    std::string piece;
    while (piece.size() < kPieceBytes) piece += "\r\n--" + std::string(kBoundary.substr(0, kBoundary.size() - 1));
    piece.resize(kPieceBytes);
    read_form(state, piece);
}
BENCHMARK(nearly_boundaries)->Unit(benchmark::kMillisecond);

// The slowest that was found: the search can skip little.
void line_ends(benchmark::State& state) { read_form(state, std::string(kPieceBytes, '\r')); }
BENCHMARK(line_ends)->Unit(benchmark::kMillisecond);

void copy_alone(benchmark::State& state) {
    const std::string piece(kPieceBytes, 'x');
    std::string copy(kPieceBytes, '\0');
    for (auto _ : state)
        for (std::size_t turn = 0; turn < kFilmBytes / kPieceBytes; ++turn) {
            std::memcpy(copy.data(), piece.data(), piece.size());
            benchmark::DoNotOptimize(copy.data());
            benchmark::ClobberMemory();
        }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kFilmBytes));
}
BENCHMARK(copy_alone)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace movio::http
