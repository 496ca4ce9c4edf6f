#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/entry.hpp"
#include "base/result.hpp"
#include "catalog/decisions.hpp"
#include "catalog/users.hpp"
#include "catalog/video.hpp"
#include "catalog/viewer.hpp"
#include "ports/database.hpp"

namespace movio::catalog {

inline constexpr std::array<std::string_view, 8> kReportReasons{"illegal",  "copyright", "privacy", "hate",
                                                                "violence", "sexual",    "spam",    "other"};
inline constexpr std::int64_t kReportTextMax = 2000;  // characters; what is wrong, and where in the film
// Of one film; by then somebody will look at it anyway.
inline constexpr std::int64_t kOpenReportsMax = 100;
inline constexpr int kReportsPageMax = 100;

using ReportId = Id<struct ReportTag>;

struct Report {
    ReportId id;
    std::string reason;
    std::string text;
    std::int64_t created_us = 0;
    std::optional<User> reporter;  // nullopt: a guest, or gone
    Video video;
    std::optional<User> owner;         // nullopt: nobody's, or gone
    std::optional<Decision> decision;  // by which it was closed
};
void write(JsonWriter& json, const Report& report);

struct ReportPage {
    std::vector<Report> items;
    std::optional<std::string> next;  // cursor of the page behind this one
};

struct ReportQuery {
    bool open = true;
    std::optional<std::string> cursor = {};
    int limit = 24;
};

// What viewers say is wrong with films. Thread-safe; the database outlives it.
class Reports {
public:
    explicit Reports(Database& database) : database_(database) {}

    // `not_found` for a film that the viewer may not see; `invalid` for another reason than kReportReasons, for too
    // long a text, and for none where the reason is `other`; `conflict` for a second one while the first is open, and
    // for one more than kOpenReportsMax.
    Awaitable<Result<void>> add(Viewer viewer, VideoId video, std::string reason, std::string text,
                                audit::Actor by = {});
    // For moderators, else `forbidden`. Open ones: those that wait longest first; closed ones: the newest first. A
    // cursor that is none of ours is `invalid`.
    Awaitable<Result<ReportPage>> list(Viewer viewer, ReportQuery query);

private:
    Database& database_;
};

}  // namespace movio::catalog
