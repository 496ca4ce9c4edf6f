#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/video.hpp"
#include "catalog/viewer.hpp"
#include "ports/database.hpp"

// Rows of `videos`. Functions on a session, so that a change of a film, its inbox row and the event it causes commit
// in one transaction.
namespace movio::catalog {

// created_us and updated_us come from the database's clock.
void insert_video(SqlSession& session, const Video& video);
std::optional<Video> find_video(SqlSession& session, VideoId id);
std::vector<Video> videos_with_status(SqlSession& session, VideoStatus status);
void erase_video(SqlSession& session, VideoId id);

// Moves forward only (may_become); false when the film is gone, deleted, or already there or further.
bool advance(SqlSession& session, VideoId id, VideoStatus to);
// A later failure replaces the reason of the one before; false when the film is ready or gone.
bool fail_video(SqlSession& session, VideoId id, const VideoFailure& failure);
void set_source(SqlSession& session, VideoId id, std::int64_t bytes);

struct PlanFacts {
    std::string plan_key;
    std::int64_t duration_ms = 0;
    std::string rungs_json;
    std::string audio_json;
};
void set_plan(SqlSession& session, VideoId id, const PlanFacts& facts);
void set_measured(SqlSession& session, VideoId id, const std::string& measured_key, const std::string& poster_key,
                  const std::string& rungs_json);
void set_poster(SqlSession& session, VideoId id, const std::string& poster_key);

// What the viewer may list, the viewer's own films in every state, or those in the viewer's trash.
enum class VideoChoice { listed, own, trash };

// Newest first; `after` is the (created_us, id) of the last one seen.
struct VideoPageQuery {
    Viewer viewer;
    VideoChoice choice = VideoChoice::listed;
    std::optional<std::pair<std::int64_t, std::string>> after;
    int limit = 24;
};
std::vector<Video> list_videos(SqlSession& session, const VideoPageQuery& query);

}  // namespace movio::catalog
