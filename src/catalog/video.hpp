#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace movio::catalog {

// Only forward, except retry (failed -> processing).
enum class VideoStatus { uploading, submitted, processing, playable, ready, failed };

std::string_view to_text(VideoStatus status);
VideoStatus video_status_from_text(std::string_view text);
// Whether a film may go from one status to the other; the same status again is no step.
bool may_become(VideoStatus from, VideoStatus to);

struct VideoFailure {
    std::string code;     // an ErrorCode's text
    std::string message;  // for people
    std::string detail;
};

// What a moderator decided that is in force; catalog/decisions.
struct Moderation {
    std::string state;  // hidden, deleted
    std::string reason;
    std::int64_t decided_us = 0;
};

struct Video {
    VideoId id;
    std::string owner_id;
    std::string title;
    std::string description;
    std::string visibility = "public";
    VideoStatus status = VideoStatus::uploading;
    std::optional<VideoFailure> failure;
    int revision = 1;
    std::optional<std::int64_t> duration_ms;
    std::int64_t created_us = 0;
    std::int64_t updated_us = 0;
    std::optional<std::int64_t> deleted_us;
    std::string source_key;
    std::int64_t source_bytes = 0;
    std::string filename;
    std::string plan_key;              // empty until planned
    std::string measured_key;          // empty until finished
    std::string poster_key;            // empty until there is one
    std::string rungs_json = "[]";     // what the API shows of the plan: [{width, height, bandwidth, codec, source}]
    std::string audio_json = "[]";     // [{language, channels}]
    std::string chapters_json = "[]";  // [{start_ms, end_ms, title}]
    std::string analysis_json;         // empty until finished
    bool storyboard = false;           // there are sheets of thumbnails
    std::string preview_key;           // animated; empty when there is none
    std::string estimate_json;         // what the plan foretold, as the API shows it; empty until planned
    std::string actual_json;           // what it took; empty until finished
    std::string custom_title;          // v1's `custom_video_title`; empty for films of before there was one
    std::optional<std::int64_t> said_duration_us;  // what the client said; `duration_ms` is what was found
    std::optional<std::int64_t> received_us;       // when the upload's last byte came
    std::optional<std::int64_t> playable_us;       // when it could be played for the first time
    std::string licence;                           // an identifier of catalog/licence; empty: nothing is said
    std::string attribution;                       // whom those who show the film name; may be empty
    std::optional<Moderation> moderation;
    std::int64_t open_reports = 0;  // that wait for a moderator
    bool details_known = true;      // false: title and description are a guess until the upload ends
};

// From the last byte of its upload to a film that plays; nullopt until then, and where one of them is not known.
std::optional<std::int64_t> playable_after_ms(const Video& video);

}  // namespace movio::catalog
