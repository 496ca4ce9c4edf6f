#include <gtest/gtest.h>

#include "ports/event_bus.hpp"

namespace movio {
namespace {

TEST(Event, Survives_its_envelope) {
    const Event event{.id = EventId::make(),
                      .type = "video.planned",
                      .version = 2,
                      .time_us = 1'795'373'648'123'000,
                      .video = VideoId::make(),
                      .revision = 4,
                      .data = R"({"plan_key":"media/x/4/plan.json"})"};
    const auto back = event_from_json(to_json(event)).value();
    EXPECT_EQ(back.id, event.id);
    EXPECT_EQ(back.type, event.type);
    EXPECT_EQ(back.version, event.version);
    EXPECT_EQ(back.time_us, event.time_us);
    EXPECT_EQ(back.video, event.video);
    EXPECT_EQ(back.revision, event.revision);
    EXPECT_EQ(back.data, event.data);
}

TEST(Event, Without_a_video_says_null) {
    const Event event{.id = EventId::make(), .type = "user.created"};
    EXPECT_NE(to_json(event).find("\"video_id\":null"), std::string::npos);
    EXPECT_TRUE(event_from_json(to_json(event)).value().video.is_nil());
}

TEST(Event, Time_is_read_to_the_millisecond) {
    const std::string id = EventId::make().text();
    const auto at = [&](std::string_view time) {
        return event_from_json(R"({"id":")" + id + R"(","type":"x","time":")" + std::string(time) + R"("})");
    };
    EXPECT_EQ(at("1970-01-01T00:00:00.000Z").value().time_us, 0);
    EXPECT_EQ(at("2000-02-29T23:59:59.999Z").value().time_us, 951'868'799'999'000);
    for (const char* bad : {"", "yesterday", "2001-02-29T00:00:00.000Z", "2000-01-01T24:00:00.000Z",
                            "2000-01-01T00:00:00Z", "2000-01-01T00:00:00.000+01:00", "2000-01-01T00:00:-1.000Z"})
        EXPECT_FALSE(at(bad).has_value()) << bad;
}

TEST(Event, What_is_not_an_envelope_is_refused_with_a_reason) {
    for (const char* bad : {"", "[]", "{}", R"({"id":"x","type":"y"})"}) {
        const auto event = event_from_json(bad);
        ASSERT_FALSE(event.has_value()) << bad;
        EXPECT_EQ(event.error().code, ErrorCode::invalid);
        EXPECT_GT(event.error().message.size(), 20U);
    }
}

}  // namespace
}  // namespace movio
