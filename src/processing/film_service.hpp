#pragma once
#include <string>

#include "base/result.hpp"
#include "ledger/ledger.hpp"
#include "ledger/outbox.hpp"
#include "ports/event_bus.hpp"
#include "processing/film_rows.hpp"
#include "processing/plan_cache.hpp"
#include "processing/wish_book.hpp"

namespace movio::processing {

// The worker's side of the conversation: takes films in, answers wishes for segments, tells how jobs ended.
class FilmService {
public:
    FilmService(Database& database, ledger::Ledger& ledger, ledger::Outbox& outbox, PlanCache& plans, WishBook& wishes,
                std::string source_retention)
        : database_(database),
          ledger_(ledger),
          outbox_(outbox),
          plans_(plans),
          wishes_(wishes),
          source_retention_(std::move(source_retention)) {}

    // Handlers run on the executor.
    void subscribe(EventBus& bus, const asio::any_io_executor& executor);

    Awaitable<Result<void>> cancel_job(JobId job);
    // A failed or cancelled job goes on with what is not done.
    Awaitable<Result<void>> retry_job(JobId job);
    // See ledger::Ledger::retry_task.
    Awaitable<Result<void>> retry_task(TaskId task);

private:
    Awaitable<void> handle(Event event);
    Awaitable<void> submitted(Event event);
    Awaitable<void> wanted(Event event);
    // Purged by its owner: work on it ends, and what is known of it goes. The api removes the blobs.
    Awaitable<void> deleted(Event event);
    static Result<void> may_open(SqlSession& session, const ledger::Job& job);
    void opened_again(SqlSession& session, const ledger::Job& job) const;
    void job_ended(SqlSession& session, const ledger::Job& job) const;

    Database& database_;
    ledger::Ledger& ledger_;
    ledger::Outbox& outbox_;
    PlanCache& plans_;
    WishBook& wishes_;
    std::string source_retention_;
};

}  // namespace movio::processing
