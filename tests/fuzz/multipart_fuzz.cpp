// However the bytes of a form are cut, it reads the same, and all that is told of it is text. The first byte says how
// they are cut; the boundary is X.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/utf8.hpp"
#include "http/multipart.hpp"
#include "support/pieces_body.hpp"

namespace movio::http {
namespace {

// The parts one after the other, "!" where an error ends them.
Awaitable<void> read_parts(BodyReader& body, std::string& out) {
    MultipartReader reader(body, "X");
    for (;;) {
        const auto part = co_await reader.next();
        out += part ? "|" : "!";
        if (!part || !*part) co_return;
        const auto& head = **part;
        for (const auto& text : {head.name, head.filename.value_or("-"), head.content_type}) {
            if (!is_valid_utf8(text)) std::abort();
            out += text + "|";
        }
        for (;;) {
            const auto piece = co_await reader.read();
            out += piece ? "" : "!";
            if (!piece) co_return;
            if (piece->empty()) break;
            out += as_text(*piece);
        }
    }
}

std::string parts_of(std::string text, std::size_t piece_bytes) {
    movio::test::PiecesBody body(std::move(text), piece_bytes);
    std::string out;
    asio::io_context loop;
    asio::co_spawn(loop, read_parts(body, out), [](const std::exception_ptr& error) {
        if (error) std::abort();
    });
    loop.run();
    return out;
}

}  // namespace
}  // namespace movio::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
    const auto whole = movio::http::parts_of(text, std::string::npos);
    if (whole != movio::http::parts_of(text, std::size_t{data[0]} + 1)) std::abort();
    return 0;
}
