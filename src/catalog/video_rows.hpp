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
// At most 1,000.
std::vector<Video> videos_with_status(SqlSession& session, VideoStatus status);
void erase_video(SqlSession& session, VideoId id);

// Moves forward only (may_become), in the trash too; false when the film is gone, or already there or further.
bool advance(SqlSession& session, VideoId id, VideoStatus to);
// A later failure replaces the reason of the one before; false when the film is ready or gone.
bool fail_video(SqlSession& session, VideoId id, const VideoFailure& failure);
// `received_us`: when its last byte came, by the wall clock; nullopt where that is not known.
void set_source(SqlSession& session, VideoId id, std::int64_t bytes, std::optional<std::int64_t> received_us);

struct PlanFacts {
    std::string plan_key;
    std::int64_t duration_ms = 0;
    std::string rungs_json;
    std::string audio_json;
    std::string estimate_json = {};  // empty: the plan foretells nothing
    std::string chapters_json = "[]";
};
void set_plan(SqlSession& session, VideoId id, const PlanFacts& facts);
struct MeasuredFacts {
    std::string measured_key;
    std::string poster_key;  // empty: none, as for the preview
    std::string preview_key;
    bool storyboard = false;
    std::string rungs_json;
    std::string analysis_json;
    std::string actual_json = {};  // empty: it was not measured
};
void set_measured(SqlSession& session, VideoId id, const MeasuredFacts& facts);
// Whether it is another one than before.
bool set_poster(SqlSession& session, VideoId id, const std::string& poster_key);

// What people say of a film. Members that are not set stay as they are.
struct VideoChange {
    std::optional<std::string> title = {};
    std::optional<std::string> description = {};
    std::optional<std::string> visibility = {};
    std::optional<std::string> licence = {};
    std::optional<std::string> attribution = {};
    std::optional<std::vector<std::string>> shared_with = {};  // by e-mail; rows of its own (share_with)
    std::optional<std::vector<std::string>> groups = {};       // ids; rows of their own (chosen_groups, set_groups)
};
// All but `shared_with` and `groups`.
void change_video(SqlSession& session, VideoId id, const VideoChange& change);
// Title, description, the said duration, visibility, licence and attribution, by the last word of who uploads it: from
// now on `details_known`.
void set_details(SqlSession& session, const Video& video);
// Into the trash, or out of it.
void set_deleted(SqlSession& session, VideoId id, bool deleted);

// From now on it is theirs; it is not shared with them by name any more.
void set_owner(SqlSession& session, VideoId id, UserId owner);

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
// By number, as v1 turns pages: what the viewer may find (may_find), and how much there is.
std::vector<Video> find_videos(SqlSession& session, const Viewer& viewer, std::int64_t offset, std::int64_t limit);
std::int64_t count_videos(SqlSession& session, const Viewer& viewer);

}  // namespace movio::catalog
