#include "processing/early_index.hpp"

#include <algorithm>

#include "async/timing.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace movio::processing {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLook = 250ms;  // how soon a stop is seen

// The file of an upload as it grows.
class ArrivingSource final : public sandbox::SourceReader {
public:
    ArrivingSource(std::shared_ptr<GrowingBlob> blob, std::int64_t bytes_expected, std::chrono::milliseconds patience,
                   std::stop_token stop)
        : blob_(std::move(blob)), bytes_expected_(bytes_expected), patience_(patience), stop_(std::move(stop)) {}

    std::int64_t size() const override { return bytes_expected_; }
    int growing_descriptor() const override { return blob_->descriptor(); }
    Awaitable<Bytes> read(std::int64_t, std::size_t) override { throw Failure("a growing file is read by the child"); }

    Awaitable<std::optional<sandbox::Arrived>> wait_for(std::int64_t bytes) override {
        auto patience_ends = std::chrono::steady_clock::now() + patience_;
        for (auto before = blob_->growth().bytes; !stop_.stop_requested();) {
            const auto now = co_await blob_->wait_for(bytes, std::min(kLook, patience_));
            if (now.state == Growth::abandoned) break;
            const bool complete = now.state != Growth::growing;
            if (complete || now.bytes >= bytes) co_return sandbox::Arrived{now.bytes, complete};
            if (now.bytes != before) patience_ends = std::chrono::steady_clock::now() + patience_;
            if (std::chrono::steady_clock::now() >= patience_ends) break;
            before = now.bytes;
        }
        co_return std::nullopt;
    }

private:
    std::shared_ptr<GrowingBlob> blob_;
    std::int64_t bytes_expected_;
    std::chrono::milliseconds patience_;
    std::stop_token stop_;
};

}  // namespace

struct EarlyIndexes::Pass {
    FilmKey film;
    std::string source_key;
    std::int64_t bytes_expected = 0;
    std::shared_ptr<GrowingBlob> blob;
    std::stop_source stop;
    Signal ended;
    bool running = true;
    bool succeeded = false;
    IndexFound found;
    std::size_t cue_bytes = 0;

    explicit Pass(const asio::any_io_executor& executor) : ended(executor) {}
};

EarlyIndexes::EarlyIndexes(BlobStore& blobs, sandbox::MediaProcesses& media, asio::any_io_executor executor,
                           EarlyIndexOptions options)
    : blobs_(blobs), media_(media), executor_(executor), options_(options), group_(std::move(executor)) {}

EarlyIndexes::~EarlyIndexes() = default;

void EarlyIndexes::subscribe(EventBus& bus) {
    bus.subscribe("worker", {"upload.begun", "upload.ended"}, executor_,
                  [this](Event event) { return handle(std::move(event)); });
}

Awaitable<void> EarlyIndexes::handle(Event event) {
    const FilmKey film{event.video, event.revision};
    const auto data = data_of(event);
    if (event.type == "upload.begun")
        co_await begin(film, data.text_or("source_key", ""), std::max<std::int64_t>(0, data.integer_or("bytes", 0)));
    else if (!data.boolean_or("submitted", false))
        forget(film);
}

// What has ended and was not taken goes first: its film will not come, or is read anew.
bool EarlyIndexes::make_place() {
    if (passes_.size() < limits::kEarlyIndexesMax) return true;
    const auto ended = std::ranges::find_if(passes_, [](const auto& entry) { return !entry.second->running; });
    if (ended == passes_.end()) return false;
    passes_.erase(ended);
    return true;
}

Awaitable<void> EarlyIndexes::begin(FilmKey film, std::string source_key, std::int64_t bytes_expected) {
    const auto key = BlobKey::parse(source_key);
    if (!key || stopping_ || passes_.contains(film) || !make_place()) co_return;
    std::shared_ptr<GrowingBlob> blob = co_await blobs_.open_growing(*key);
    if (!blob || blob->descriptor() < 0 || stopping_ || passes_.contains(film) || !make_place()) co_return;
    auto pass = std::make_shared<Pass>(executor_);
    pass->film = film;
    pass->source_key = std::move(source_key);
    pass->bytes_expected = bytes_expected;
    pass->blob = std::move(blob);
    passes_.emplace(film, pass);
    group_.spawn("early index", run(pass));
}

Awaitable<void> EarlyIndexes::run(std::shared_ptr<Pass> pass) {
    // Also where it fails: whoever waits for it reads for himself.
    struct End {
        Pass& pass;
        ~End() {
            pass.running = false;
            pass.ended.notify();
        }
    } const end{*pass};
    sandbox::MediaJob job;
    job.order.work = media::IndexWork{};
    job.source =
        std::make_shared<ArrivingSource>(pass->blob, pass->bytes_expected, options_.patience, pass->stop.get_token());
    job.urgency = sandbox::Urgency::interactive;
    job.wall_limit = options_.wall_limit;
    job.log_id = pass->film.video.text();
    job.on_cost = [&pass](std::chrono::microseconds cpu) { pass->found.cpu = cpu; };
    const auto on_artefact = [this, &pass](media::Artefact artefact) { return keep(*pass, std::move(artefact)); };
    try {
        const auto ran = co_await media_.run(std::move(job), on_artefact, [](int) {}, pass->stop.get_token());
        pass->succeeded = ran.has_value();
    } catch (const Failure& failure) {
        log_warn("a file that arrives is not read along",
                 {{"video_id", pass->film.video.text()}, {"reason", std::string(failure.what())}});
    }
}

Awaitable<media::MediaResult<void>> EarlyIndexes::keep(Pass& pass, media::Artefact artefact) {
    if (artefact.kind == media::ArtefactKind::index) {
        pass.found.index_json = as_text(artefact.bytes);
        co_return media::MediaResult<void>{};
    }
    std::size_t kept = artefact.bytes.size();
    for (const auto& entry : passes_) kept += entry.second->cue_bytes;
    if (kept > limits::kEarlyIndexBytesMax)
        co_return media::bad_media(media::MediaStage::index, ErrorCode::cancelled,
                                   "Its subtitles are too many to be kept until it has arrived.");
    pass.cue_bytes += artefact.bytes.size();
    pass.found.cues.push_back(std::move(artefact));
    co_return media::MediaResult<void>{};
}

void EarlyIndexes::forget(const FilmKey& film) {
    const auto found = passes_.find(film);
    if (found == passes_.end()) return;
    found->second->stop.request_stop();
    passes_.erase(found);
}

Awaitable<std::optional<IndexFound>> EarlyIndexes::take(FilmKey film, std::string source_key, std::int64_t bytes,
                                                        std::stop_token stop) {
    const auto entry = passes_.find(film);
    if (entry == passes_.end()) co_return std::nullopt;
    const auto pass = entry->second;
    const auto is_of_this_source = [&] {
        const auto growth = pass->blob->growth();
        return pass->source_key == source_key && growth.state == Growth::stored && growth.bytes == bytes;
    };
    while (pass->running && is_of_this_source() && !stop.stop_requested()) co_await pass->ended.wait_for(kLook);
    if (stop.stop_requested()) co_return std::nullopt;
    forget(film);
    if (!pass->succeeded || !is_of_this_source()) co_return std::nullopt;
    co_return std::move(pass->found);
}

Awaitable<void> EarlyIndexes::stop() {
    stopping_ = true;
    for (const auto& entry : passes_) entry.second->stop.request_stop();
    passes_.clear();
    co_await group_.wait();
}

}  // namespace movio::processing
