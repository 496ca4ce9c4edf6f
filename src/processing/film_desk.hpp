#pragma once
#include "ledger/job_desk.hpp"
#include "processing/film_service.hpp"
#include "sandbox/media_process.hpp"

namespace movio::processing {

// The jobs of films, named by their files. All of it outlives the desk.
ledger::JobDesk film_desk(Database& database, ledger::Ledger& ledger, const ledger::TaskRunner& runner,
                          FilmService& films, const sandbox::MediaProcesses& media);

}  // namespace movio::processing
