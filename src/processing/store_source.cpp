#include "processing/store_source.hpp"

namespace movio::processing {
namespace {

class StoreSource final : public sandbox::SourceReader {
public:
    StoreSource(std::optional<std::filesystem::path> file, std::unique_ptr<BlobReader> reader)
        : file_(std::move(file)), reader_(std::move(reader)) {}
    std::int64_t size() const override { return reader_->size(); }
    std::optional<std::filesystem::path> local_file() const override { return file_; }
    Awaitable<Bytes> read(std::int64_t offset, std::size_t length) override { return reader_->read(offset, length); }

private:
    std::optional<std::filesystem::path> file_;
    std::unique_ptr<BlobReader> reader_;
};

}  // namespace

Awaitable<std::shared_ptr<sandbox::SourceReader>> open_source(BlobStore& blobs, BlobKey key) {
    auto reader = co_await blobs.open(key);
    if (!reader) co_return nullptr;
    co_return std::make_shared<StoreSource>(blobs.local_file(key), std::move(reader));
}

}  // namespace movio::processing
