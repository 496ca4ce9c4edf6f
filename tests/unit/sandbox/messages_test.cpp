#include "sandbox/protocol/messages.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace movio::sandbox {
namespace {

template <class Message>
std::optional<Message> there_and_back(const Message& message) {
    const auto read = child_message_from_json(to_json(ChildMessage(message)));
    if (!read || !std::holds_alternative<Message>(*read)) return std::nullopt;
    return std::get<Message>(*read);
}

TEST(ChildMessage, Survives_the_way_there_and_back) {
    const auto hello = there_and_back(Hello{kProtocolVersion, true, 7, 65534});
    ASSERT_TRUE(hello);
    EXPECT_EQ(hello->landlock_abi, 7);
    EXPECT_EQ(hello->uid, 65534);
    EXPECT_TRUE(hello->seccomp);

    const auto read = there_and_back(ReadRequest{3, 1LL << 40, 1 << 20});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->offset, 1LL << 40);

    media::Artefact segment{media::ArtefactKind::segment, "v-h264-720", 12, 96'000, 2, {}, {}};
    const auto artefact = there_and_back(ArtefactMessage{segment, 12'345});
    ASSERT_TRUE(artefact);
    EXPECT_EQ(artefact->artefact.rendition, "v-h264-720");
    EXPECT_EQ(artefact->artefact.number, 12);
    EXPECT_EQ(artefact->artefact.ticks, 96'000);
    EXPECT_EQ(artefact->artefact.damaged, 2);
    EXPECT_EQ(artefact->bytes, 12'345);

    const auto error = there_and_back(ErrorMessage{{media::MediaStage::captions, ErrorCode::too_long, "m", "d"}});
    ASSERT_TRUE(error);
    EXPECT_EQ(error->error.stage, media::MediaStage::captions);
    EXPECT_EQ(error->error.code, ErrorCode::too_long);
}

TEST(ChildMessage, Wait_for_a_growing_source_is_asked_and_answered) {
    const auto wait = there_and_back(WaitRequest{1LL << 40});
    ASSERT_TRUE(wait);
    EXPECT_EQ(wait->bytes, 1LL << 40);
    for (const std::string bytes : {"0", "-1", "9223372036854775807", "null"})
        EXPECT_FALSE(child_message_from_json(R"({"type":"wait","bytes":)" + bytes + "}")) << bytes;
    const auto answer = parent_message_from_json(to_json(ParentMessage(Grown{12, true})));
    ASSERT_TRUE(answer && std::holds_alternative<Grown>(*answer));
    EXPECT_EQ(std::get<Grown>(*answer).bytes, 12);
    EXPECT_TRUE(std::get<Grown>(*answer).complete);
}

TEST(ChildMessage, Error_of_any_length_fits_into_a_datagram) {
    const std::string endless(1 << 20, '\x01');
    const auto text =
        to_json(ChildMessage(ErrorMessage{{media::MediaStage::open, ErrorCode::damaged, endless, endless}}));
    EXPECT_LT(text.size(), 64U << 10);
}

TEST(ChildMessage, Name_that_leads_out_of_its_folder_is_refused) {
    for (const std::string name : {"../x", "a/b", ".hidden", "a b", "a\\u0000b", "%2e", "\\n"}) {
        const std::string text = R"({"type":"artefact","kind":"segment","rendition":")" + name +
                                 R"(","number":1,"ticks":1,"damaged":0,"bytes":1})";
        EXPECT_FALSE(child_message_from_json(text)) << name;
    }
}

TEST(ChildMessage, Number_out_of_bounds_or_of_another_kind_is_refused) {
    for (const std::string bytes : {"0", "-1", "1.5", "\"1\"", "null", "9223372036854775808", "67108865"}) {
        const std::string text =
            R"({"type":"artefact","kind":"segment","rendition":"v","number":1,"ticks":1,"damaged":0,"bytes":)" + bytes +
            "}";
        EXPECT_FALSE(child_message_from_json(text)) << bytes;
    }
    static_assert(limits::kSegmentBytesMax == 67'108'864);
}

TEST(ParentMessage, Survives_the_way_there_and_back) {
    const auto order =
        parent_message_from_json(to_json(ParentMessage(OrderMessage{77, SourceKind::window, 1LL << 41, "fork"})));
    ASSERT_TRUE(order && std::holds_alternative<OrderMessage>(*order));
    EXPECT_EQ(std::get<OrderMessage>(*order).source, SourceKind::window);
    EXPECT_EQ(std::get<OrderMessage>(*order).source_bytes, 1LL << 41);
    EXPECT_EQ(std::get<OrderMessage>(*order).forbidden_act, "fork");
    const auto data = parent_message_from_json(to_json(ParentMessage(Data{7, 0})));
    ASSERT_TRUE(data && std::holds_alternative<Data>(*data));
    EXPECT_TRUE(parent_message_from_json(to_json(ParentMessage(Taken{}))));
}

}  // namespace
}  // namespace movio::sandbox
