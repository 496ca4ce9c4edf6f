#pragma once
#include <string>

#include "base/ids.hpp"
#include "ports/database.hpp"

// The tables of reports and decisions, for those who change them with something else in one transaction.
namespace movio::catalog {

// All open ones of a film, by the decision of this id.
void close_reports(SqlSession& session, VideoId video, const std::string& decision);
// `open_reports` of the film, by which moderators see it.
void count_reports(SqlSession& session, VideoId video);
// Reports stay, and say no more whose they are.
void forget_reporter(SqlSession& session, UserId user);

}  // namespace movio::catalog
