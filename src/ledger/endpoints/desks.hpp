#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/endpoint.hpp"
#include "http/router.hpp"
#include "ledger/job_desk.hpp"

// What the endpoints of jobs have in common.
namespace movio::ledger {

using Desks = std::shared_ptr<const std::vector<JobDesk>>;

inline constexpr const char* kWorkerService = "worker";

http::EndpointDescription for_admins(http::Method method, std::string path, std::string summary);
void never_kept(http::Headers& headers);

// nullptr: this program does not run it.
const JobDesk* find_desk(const Desks& desks, const std::string& service);
// Those of the service; of all where none is named.
std::vector<const JobDesk*> desks_of(const Desks& desks, const std::optional<std::string>& service);
std::unexpected<Error> no_such_job();

http::FieldRules service_rules(std::string help);

void add_admin_worker_endpoints(http::Router& router, const Desks& desks);
void add_admin_event_endpoint(http::Router& router, const Desks& desks);

}  // namespace movio::ledger
