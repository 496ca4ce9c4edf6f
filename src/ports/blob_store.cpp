#include "ports/blob_store.hpp"

#include <algorithm>

namespace movio {
namespace {

constexpr std::size_t kKeyLengthMax = 200;

bool is_key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-' || c == '/';
}

bool is_key(std::string_view text) {
    if (text.empty() || text.size() > kKeyLengthMax || text.back() == '/') return false;
    if (!std::ranges::all_of(text, is_key_character)) return false;
    bool part_begins = true;
    for (const char c : text) {
        if (part_begins && (c == '.' || c == '/')) return false;
        part_begins = c == '/';
    }
    return true;
}

}  // namespace

std::optional<BlobKey> BlobKey::parse(std::string_view text) {
    if (!is_key(text)) return std::nullopt;
    return BlobKey(text);
}

BlobKey::BlobKey(std::string_view text) : text_(text) {
    if (!is_key(text)) throw Failure("'" + text_.substr(0, kKeyLengthMax) + "' is not a blob key");
}

Awaitable<std::unique_ptr<GrowingBlob>> BlobStore::open_growing(BlobKey) { co_return nullptr; }

Awaitable<std::int64_t> BlobStore::remove_all(std::string prefix) {
    std::int64_t removed = 0;
    for (;;) {
        // What was listed is gone, so each page is the first.
        const BlobPage page = co_await list(prefix, std::nullopt);
        for (const auto& item : page.items) {
            co_await remove(BlobKey(item.key));
            ++removed;
        }
        if (!page.next) co_return removed;
    }
}

void throw_not_stored(std::string_view key, const Error& reason) {
    const std::string text = "cannot store '" + std::string(key) + "': " + reason.message;
    if (reason.code == ErrorCode::no_space) throw NoSpace(text);
    throw Failure(text);
}

Awaitable<Result<CommitOutcome>> BlobStore::put(BlobKey key, Bytes bytes) {
    auto writer = co_await create(std::move(key), static_cast<std::int64_t>(bytes.size()));
    if (!writer) co_return std::unexpected(std::move(writer.error()));
    co_await (*writer)->write(std::move(bytes));
    co_return co_await (*writer)->commit();
}

Awaitable<std::optional<Bytes>> BlobStore::get(BlobKey key, std::int64_t bytes_max) {
    const auto reader = co_await open(key);
    if (!reader) co_return std::nullopt;
    const std::int64_t size = reader->size();
    if (size > bytes_max)
        throw Failure("blob '" + key.text() + "' has " + std::to_string(size) + " bytes, at most " +
                      std::to_string(bytes_max) + " are read at once");
    auto bytes = co_await reader->read(0, static_cast<std::size_t>(size));
    if (std::cmp_not_equal(bytes.size(), size)) throw Failure("blob '" + key.text() + "' ended early");
    co_return bytes;
}

}  // namespace movio
