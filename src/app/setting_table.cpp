#include <array>

#include "app/settings.hpp"

namespace movio::app {
namespace {

constexpr auto kText = SettingType::text;
constexpr auto kInteger = SettingType::integer;
constexpr auto kChoice = SettingType::choice;

constexpr std::array kTable{
    SettingInfo{.path = "server.listen", .type = kText, .fallback = "127.0.0.1:8000", .unit = "host:port",
                .help = "Address that serves the page, the API and the films. Port 0 takes a free one."},
    SettingInfo{.path = "server.public_url", .type = kText, .fallback = "", .unit = "URL",
                .help = "How people reach this server, for absolute addresses. Empty: from the request's Host."},
    SettingInfo{.path = "server.threads", .type = kInteger, .fallback = "0", .unit = "threads",
                .help = "Threads that serve connections. 0: one for every two processors.", .least = 0, .most = 64},
    SettingInfo{.path = "log.level", .type = kChoice, .fallback = "info", .unit = "",
                .help = "Lowest level that is logged.", .choices = "debug|info|warn|error"},
    SettingInfo{.path = "log.format", .type = kChoice, .fallback = "json", .unit = "",
                .help = "json for machines, text for a terminal.", .choices = "json|text"},
    SettingInfo{.path = "cdn.url", .type = kText, .fallback = "", .unit = "URL",
                .help = "Put before every media address when a CDN serves them."},
    SettingInfo{.path = "uploads.bytes_max", .type = kInteger, .fallback = "21474836480", .unit = "bytes",
                .help = "Largest file that is accepted.", .least = 1, .most = 1LL << 44},
    SettingInfo{.path = "media.rungs", .type = kText, .fallback = "360:800,480:1200,720:2400", .unit = "height:kb/s",
                .help = "Rungs of the ladder, by the short side of the picture, each with its cap."},
    SettingInfo{.path = "media.height_max", .type = kInteger, .fallback = "720", .unit = "pixels",
                .help = "Highest rung that is made; larger sources are scaled down.", .least = 144, .most = 4320},
    SettingInfo{.path = "media.crf", .type = kInteger, .fallback = "23", .unit = "CRF",
                .help = "Quality of x264; lower is better and larger.", .least = 10, .most = 40},
    SettingInfo{.path = "media.preset", .type = kChoice, .fallback = "veryfast", .unit = "",
                .help = "Speed of x264.", .choices = "ultrafast|superfast|veryfast|faster|fast|medium|slow"},
    SettingInfo{.path = "media.batch_slots", .type = kInteger, .fallback = "1", .unit = "processes",
                .help = "Media processes for batch work at once; each uses several processors.", .least = 1, .most = 32},
    SettingInfo{.path = "media.on_demand_slots", .type = kInteger, .fallback = "2", .unit = "processes",
                .help = "Media processes for segments that somebody waits for.", .least = 1, .most = 32},
    SettingInfo{.path = "media.wall_limit", .type = kInteger, .fallback = "1800", .unit = "seconds",
                .help = "Longest time one media process may take.", .least = 10, .most = 86400},
    SettingInfo{.path = "media.sandbox", .type = kChoice, .fallback = "required", .unit = "",
                .help = "required: refuse to work where the kernel cannot confine the media process; best-effort: warn.",
                .choices = "required|best-effort"},
    SettingInfo{.path = "media.source_retention", .type = kText, .fallback = "keep", .unit = "",
                .help = "What becomes of an upload once every segment is verified: keep, delete, or days:N."},
    SettingInfo{.path = "jobs.keep_days", .type = kInteger, .fallback = "30", .unit = "days",
                .help = "How long ended jobs are remembered.", .least = 1, .most = 3650},
};

}  // namespace

std::span<const SettingInfo> setting_table() { return kTable; }

}  // namespace movio::app
