// What every carrier of notices promises: what it took is not lost, once for each id as far as it can help it.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/disk/notice_files.hpp"
#include "async/task_group.hpp"
#include "base/clock.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio {
namespace {

// A carrier, and how to look at what people would have got by it.
struct Opened {
    std::unique_ptr<Notices> notices;
    std::function<std::vector<Notice>()> carried;
};

struct NoticesCase {
    std::string name;
    std::function<Opened(const std::filesystem::path& folder, Pool& pool)> open;
};

Opened open_files(const std::filesystem::path& folder, Pool& pool) {
    auto files = std::make_unique<NoticeFiles>(folder / "notices", pool);
    auto carried = [&files = *files] { return test::run(files.list()); };
    return {std::move(files), carried};
}

class NoticesContract : public testing::TestWithParam<NoticesCase> {
protected:
    static Notice notice(std::string to = "ada@example.org") {
        Notice notice;
        notice.id = NoticeId::make();
        notice.kind = "password.reset";
        notice.to = std::move(to);
        notice.fields = {{"name", "Ada"}, {"link", "https://films.example/reset-password#secret"}};
        notice.until_us = wall_now_us() + 3'600'000'000;
        return notice;
    }
    void send(const Notice& notice) { test::run(opened_.notices->send(notice)); }

    test::TempDir folder_;
    Pool pool_{"disk", 4, 1000};
    Opened opened_ = GetParam().open(folder_.path(), pool_);
};

TEST_P(NoticesContract, What_is_sent_comes_as_it_was) {
    const auto sent = notice("Ada \"L\" <ada@example.org>");
    send(sent);
    const auto carried = opened_.carried();
    ASSERT_EQ(carried.size(), 1);
    EXPECT_EQ(carried[0].id, sent.id);
    EXPECT_EQ(carried[0].kind, sent.kind);
    EXPECT_EQ(carried[0].to, sent.to);
    EXPECT_EQ(carried[0].language, "en");
    EXPECT_EQ(carried[0].fields, sent.fields);
    EXPECT_EQ(carried[0].until_us, sent.until_us);
}

TEST_P(NoticesContract, What_is_sent_again_comes_once) {
    const auto sent = notice();
    for (int i = 0; i < 3; ++i) send(sent);
    EXPECT_EQ(opened_.carried().size(), 1);
}

TEST_P(NoticesContract, What_is_of_no_use_any_more_does_not_come) {
    auto late = notice();
    late.until_us = wall_now_us() - 1;
    send(late);
    EXPECT_TRUE(opened_.carried().empty());
}

TEST_P(NoticesContract, All_come_of_those_that_are_sent_at_once) {
    constexpr int kCount = 40;
    test::Loop loop;
    TaskGroup group(loop.executor());
    std::vector<std::string> wanted;
    for (int i = 0; i < kCount; ++i) {
        wanted.push_back("p" + std::to_string(i) + "@example.org");
        group.spawn("send", opened_.notices->send(notice(wanted.back())));
    }
    loop.run(group.wait());
    std::vector<std::string> carried;
    for (const auto& one : opened_.carried()) carried.push_back(one.to);
    std::ranges::sort(carried);
    std::ranges::sort(wanted);
    EXPECT_EQ(carried, wanted);
}

TEST_P(NoticesContract, What_was_taken_is_there_after_the_carrier_has_ended) {
    const auto sent = notice();
    send(sent);
    opened_ = GetParam().open(folder_.path(), pool_);
    ASSERT_EQ(opened_.carried().size(), 1);
    EXPECT_EQ(opened_.carried()[0].id, sent.id);
}

INSTANTIATE_TEST_SUITE_P(Adapters, NoticesContract, testing::Values(NoticesCase{"Files", &open_files}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace movio
