#pragma once
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "ledger/outbox.hpp"
#include "ledger/runner.hpp"
#include "media/format/estimate.hpp"
#include "media/format/look.hpp"
#include "processing/artefact_store.hpp"
#include "processing/blocks_in_work.hpp"
#include "processing/early_index.hpp"
#include "processing/film_check.hpp"
#include "processing/plan_cache.hpp"
#include "processing/progress_meter.hpp"
#include "processing/store_queue.hpp"
#include "processing/task_plan.hpp"
#include "processing/wish_book.hpp"
#include "sandbox/media_process.hpp"

namespace movio::processing {

struct FilmTaskOptions {
    media::PlanSettings plan;
    media::MachineFigures machine;
    std::chrono::seconds wall_limit{1800};
    EarlyIndexes* early = nullptr;  // what was found of files while they arrived; outlives the tasks
};

// The handlers of the worker's task kinds: index, video, ahead, audio, levels, poster, segment, images, finish. Each
// may be run again from the start after any crash: what is stored already is not made twice.
class FilmTasks {
public:
    FilmTasks(Database& database, BlobStore& blobs, EventBus& bus, ledger::Ledger& ledger, ledger::Outbox& outbox,
              sandbox::MediaProcesses& media, FilmTaskOptions options);

    void register_with(ledger::TaskRunner& runner);
    PlanCache& plans() { return plans_; }
    WishBook& wishes() { return wishes_; }

private:
    using Outcome = Awaitable<ledger::TaskOutcome>;

    // A film at work on one of its tasks.
    struct Work {
        ledger::LeasedTask task;
        std::stop_token stop;
        Film film;
        std::shared_ptr<const media::Plan> plan;  // nullptr while it is being indexed
        std::int64_t cpu_us = 0;                  // of its media processes
        bool has_made_something = false;          // that was not there
    };
    using Step = Outcome (FilmTasks::*)(Work&);

    Outcome run_step(ledger::LeasedTask task, std::stop_token stop, Step step);
    Outcome index(Work& work);
    Outcome video(Work& work);
    Outcome audio(Work& work);
    Outcome levels(Work& work);
    Outcome poster(Work& work);
    Outcome segment(Work& work);
    Outcome images(Work& work);
    Outcome finish(Work& work);

    // A media process on the film's source whose processor time counts as the film's.
    Awaitable<sandbox::MediaJob> new_job(Work& work, media::Work order);
    using Taken = Awaitable<media::MediaResult<void>>;
    Taken take_index_artefact(FilmKey film, media::Artefact artefact, std::string& index_json);
    Taken take_segment(Work& work, StoreQueue& queue, media::Artefact artefact);
    Awaitable<void> store_segments(Work& work, std::vector<media::Artefact> artefacts);
    Taken take_blob(BlobKey key, media::Artefact artefact);
    // Images, and figures that were measured on the way.
    Taken take_extra(const FilmKey& film, media::Artefact artefact);
    Awaitable<media::MediaResult<void>> make_extra(Work& work, media::Work order,
                                                   std::shared_ptr<sandbox::SourceReader> source);
    // Measures the loudness of sound that was copied, or encoded in more than one piece; only being stopped is an
    // error.
    Awaitable<media::MediaResult<void>> hear(Work& work, const SegmentTask& segments);
    Awaitable<std::vector<media::Look>> read_looks(const FilmKey& film);
    Awaitable<media::MediaResult<void>> fill_looks(Work& work, std::vector<media::Look>& looks);
    Awaitable<media::MediaResult<void>> make_sheets(Work& work, const std::vector<media::Look>& looks);
    Awaitable<media::MediaResult<void>> make_best_poster(Work& work, const std::vector<media::Look>& looks);
    // What there is of images, and what was measured.
    Awaitable<void> add_extras(const Work& work, media::Measured& measured);
    Awaitable<void> add_sound_figures(const Work& work, media::Measured& measured);
    Awaitable<void> forget_figures(const FilmKey& film);
    Awaitable<void> put(BlobKey key, Bytes bytes);
    // Runs the media process on the film's source and stores the segments it hands over.
    Awaitable<media::MediaResult<void>> make_segments(Work& work, media::Work order, sandbox::Urgency urgency);
    static media::Work order_of_segment(const media::Plan& plan, const std::string& rendition, std::int64_t k);
    // Makes again what a disk lost after it was made.
    Awaitable<media::MediaResult<void>> mend(Work& work, FilmCheck check);
    Awaitable<media::MediaResult<media::Index>> run_index(Work& work);
    Awaitable<std::optional<media::Index>> take_early_index(Work& work);
    Awaitable<std::shared_ptr<const media::Plan>> store_plan(const FilmKey& film, media::Plan plan);
    Awaitable<void> begin_meter(const FilmKey& film, const media::Plan& plan);
    void append_planned(SqlSession& session, const Film& film, const media::Plan& plan) const;

    Database& database_;
    BlobStore& blobs_;
    EventBus& bus_;
    ledger::Ledger& ledger_;
    ledger::Outbox& outbox_;
    sandbox::MediaProcesses& media_;
    FilmTaskOptions options_;
    ArtefactStore artefacts_;
    PlanCache plans_;
    WishBook wishes_;
    BlocksInWork blocks_in_work_;
    ProgressMeter meter_;
};

// Throws Failure when the task's arguments name no segments.
SegmentTask segments_of(const ledger::LeasedTask& task);
// What bad media means for a task: final for what the file itself says, again for what may be the machine's fault.
ledger::TaskOutcome outcome_of(const media::MediaError& error);

}  // namespace movio::processing
