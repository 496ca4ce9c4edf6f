#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "async/task_group.hpp"
#include "base/limits.hpp"
#include "media/format/artefact.hpp"
#include "ports/blob_store.hpp"
#include "ports/event_bus.hpp"
#include "processing/film_rows.hpp"
#include "sandbox/media_process.hpp"

namespace movio::processing {

// What an index pass hands over.
struct IndexFound {
    std::string index_json;
    std::vector<media::Artefact> cues;
    std::chrono::microseconds cpu{0};
};

struct EarlyIndexOptions {
    std::chrono::seconds wall_limit{1800};
    // An upload of which nothing comes for so long is not read along any more.
    std::chrono::milliseconds patience = limits::kArrivalPatience;
};

// Index passes over files that are still arriving, so that little is left to do once they have. Nothing depends on
// them: what they found lives in memory and counts only for the very bytes that were submitted; where there is nothing,
// the index task reads the file. Bounded in number and memory. All calls come from one executor.
class EarlyIndexes {
public:
    EarlyIndexes(BlobStore& blobs, sandbox::MediaProcesses& media, asio::any_io_executor executor,
                 EarlyIndexOptions options = {});
    // Only after `stop`.
    ~EarlyIndexes();
    EarlyIndexes(const EarlyIndexes&) = delete;
    EarlyIndexes& operator=(const EarlyIndexes&) = delete;

    // Hears of uploads by the transient events `upload.begun` and `upload.ended`.
    void subscribe(EventBus& bus);
    // What was found of this film's source, once; waits where its pass has a little left to do. nullopt: read it.
    Awaitable<std::optional<IndexFound>> take(FilmKey film, std::string source_key, std::int64_t bytes,
                                              std::stop_token stop);
    // Passes that run, and with them those whose outcome waits to be taken.
    std::size_t running() const { return group_.size(); }
    std::size_t passes() const { return passes_.size(); }
    // Ends all passes; resumes when none runs.
    Awaitable<void> stop();

private:
    struct Pass;

    Awaitable<void> handle(Event event);
    Awaitable<void> begin(FilmKey film, std::string source_key, std::int64_t bytes_expected);
    Awaitable<void> run(std::shared_ptr<Pass> pass);
    Awaitable<media::MediaResult<void>> keep(Pass& pass, media::Artefact artefact);
    void forget(const FilmKey& film);
    bool make_place();

    BlobStore& blobs_;
    sandbox::MediaProcesses& media_;
    asio::any_io_executor executor_;
    EarlyIndexOptions options_;
    std::map<FilmKey, std::shared_ptr<Pass>> passes_;
    bool stopping_ = false;
    TaskGroup group_;
};

}  // namespace movio::processing
