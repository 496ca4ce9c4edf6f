#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "async/asio.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace movio {

// One fact that one service tells others. `data` is JSON text of an object; bulk never rides in it, a blob key does.
struct Event {
    EventId id = {};
    std::string type = {};  // "video.submitted"
    int version = 1;
    std::int64_t time_us = 0;
    VideoId video = {};  // nil where no video is meant
    int revision = 0;
    std::string data = "{}";
};

// The envelope {id, type, version, time, video_id, revision, data}; `time` is RFC 3339 and keeps milliseconds.
std::string to_json(const Event& event);
Result<Event> event_from_json(std::string_view text);
// The event's data; throws Failure where it is no JSON, which only a bug can make it.
JsonView data_of(const Event& event);

// Transport between services. Delivery is at least once for durable events (the sender keeps its outbox row until
// `publish` returns) and at most once for transient ones (segment.wanted, segment.stored, video.progress,
// upload.begun, upload.ended).
class EventBus {
public:
    // Resumes when the event is handled, durably; throwing means "again later".
    using Handler = std::function<Awaitable<void>(Event)>;

    virtual ~EventBus() = default;
    // Resumes when every subscriber that must have it has taken it; throws Failure when one could not.
    virtual Awaitable<void> publish(Event event) = 0;
    // Fire and forget, from any thread; may be lost.
    virtual void publish_transient(Event event) = 0;
    // Before the first publish; throws Failure after it where what was published would be lost to the new one.
    // `consumer` names the service ("api", "worker"); handlers run on that service's
    // executor.
    virtual void subscribe(std::string consumer, std::vector<std::string> types, asio::any_io_executor executor,
                           Handler handler) = 0;
};

}  // namespace movio
