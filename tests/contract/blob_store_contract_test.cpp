// What every BlobStore promises. A new adapter joins by adding its case at the end.
#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "adapters/disk/blob_store.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct BlobStoreCase {
    std::string name;
    std::unique_ptr<BlobStore> (*open)(const std::filesystem::path& folder, Pool& pool);
};

Bytes bytes(std::string_view text) {
    const auto view = as_bytes(text);
    return {view.begin(), view.end()};
}

class BlobStoreContract : public testing::TestWithParam<BlobStoreCase> {
protected:
    template <class T>
    static T run(Awaitable<T> task) {
        return test::run(std::move(task));
    }
    CommitOutcome put(std::string_view key, std::string_view text) {
        return run(store_->put(BlobKey(key), bytes(text))).value();
    }
    // From several threads, since each waits for the disk.
    void put_all(const std::vector<std::string>& all) {
        constexpr std::size_t kThreads = 8;
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < kThreads; ++i)
            threads.emplace_back([this, i, &all] {
                for (std::size_t at = i; at < all.size(); at += kThreads) put(all[at], "x");
            });
        for (auto& thread : threads) thread.join();
    }
    std::string get(std::string_view key) {
        const auto found = run(store_->get(BlobKey(key), 1 << 20));
        return found ? std::string(as_text(*found)) : "(absent)";
    }
    std::vector<std::string> keys(std::string prefix) {
        std::vector<std::string> all;
        std::optional<std::string> after;
        do {
            const auto page = run(store_->list(prefix, after));
            for (const auto& item : page.items) all.push_back(item.key);
            after = page.next;
        } while (after);
        return all;
    }

    test::TempDir folder_;
    Pool pool_{"disk", 4, 1000};
    std::unique_ptr<BlobStore> store_ = GetParam().open(folder_.path(), pool_);
};

TEST_P(BlobStoreContract, What_was_put_is_there_whole) {
    EXPECT_EQ(put("media/v/1/main.mpd", "hello"), CommitOutcome::stored);
    EXPECT_EQ(get("media/v/1/main.mpd"), "hello");
    const auto info = run(store_->stat(BlobKey("media/v/1/main.mpd"))).value();
    EXPECT_EQ(info.key, "media/v/1/main.mpd");
    EXPECT_EQ(info.bytes, 5);
    EXPECT_GT(info.modified_us, 1'700'000'000'000'000);
}

TEST_P(BlobStoreContract, Empty_blob_is_a_blob) {
    put("a", "");
    EXPECT_EQ(get("a"), "");
    EXPECT_EQ(run(store_->stat(BlobKey("a"))).value().bytes, 0);
}

TEST_P(BlobStoreContract, Absent_is_not_an_error) {
    EXPECT_EQ(run(store_->stat(BlobKey("a/b"))), std::nullopt);
    EXPECT_EQ(run(store_->open(BlobKey("a/b"))), nullptr);
    EXPECT_EQ(run(store_->get(BlobKey("a/b"), 10)), std::nullopt);
    run(store_->remove(BlobKey("a/b")));
    EXPECT_FALSE(run(store_->move(BlobKey("a/b"), BlobKey("a/c"))));
}

TEST_P(BlobStoreContract, Beginning_of_a_key_is_no_blob) {
    put("a/b/c", "x");
    EXPECT_EQ(run(store_->stat(BlobKey("a/b"))), std::nullopt);
    EXPECT_EQ(run(store_->open(BlobKey("a/b"))), nullptr);
}

TEST_P(BlobStoreContract, First_writer_wins) {
    EXPECT_EQ(put("a", "first"), CommitOutcome::stored);
    EXPECT_EQ(put("a", "second"), CommitOutcome::existed);
    EXPECT_EQ(get("a"), "first");
}

TEST_P(BlobStoreContract, Several_at_once_are_each_as_put_alone) {
    put("v/1/b", "first");
    std::vector<NewBlob> blobs;
    for (const auto* key : {"v/1/a", "v/1/b", "v/2/c", "v/1/a"})
        blobs.push_back({BlobKey(key), bytes(std::string("of ") + key)});
    blobs.push_back({BlobKey("empty"), {}});
    using enum CommitOutcome;
    EXPECT_THAT(run(store_->put_all(std::move(blobs))).value(), ElementsAre(stored, existed, stored, existed, stored));
    EXPECT_EQ(get("v/1/a"), "of v/1/a");
    EXPECT_EQ(get("v/1/b"), "first");
    EXPECT_EQ(get("v/2/c"), "of v/2/c");
    EXPECT_EQ(get("empty"), "");
    EXPECT_THAT(keys(""), ElementsAre("empty", "v/1/a", "v/1/b", "v/2/c"));
    EXPECT_THAT(run(store_->put_all({})).value(), IsEmpty());
}

TEST_P(BlobStoreContract, Of_many_that_put_the_same_several_exactly_one_wins_each) {
    constexpr int kWriters = 4;
    constexpr std::size_t kBlobs = 24;
    std::atomic<int> stored = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kWriters; ++i)
        threads.emplace_back([&, i] {
            std::vector<NewBlob> blobs;
            for (std::size_t n = 0; n < kBlobs; ++n)
                blobs.push_back({BlobKey("race/" + std::to_string((n + static_cast<std::size_t>(i) * 5) % kBlobs)),
                                 bytes(std::string(10'000, static_cast<char>('a' + i)))});
            for (const auto outcome : run(store_->put_all(std::move(blobs))).value())
                stored += outcome == CommitOutcome::stored ? 1 : 0;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(stored, static_cast<int>(kBlobs));
    for (const auto& key : keys("race/")) {
        const auto found = get(key);
        EXPECT_EQ(found, std::string(10'000, found.at(0))) << key;
    }
}

TEST_P(BlobStoreContract, Of_many_writers_at_once_exactly_one_wins) {
    constexpr int kWriters = 8;
    for (int round = 0; round < 10; ++round) {
        const std::string key = "race/" + std::to_string(round) + "/blob";
        std::atomic<int> stored = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < kWriters; ++i)
            threads.emplace_back([&, i] {
                const std::string text(10'000, static_cast<char>('a' + i));
                if (put(key, text) == CommitOutcome::stored) ++stored;
                // Whoever won, it is whole.
                const auto found = get(key);
                EXPECT_EQ(found, std::string(10'000, found.at(0)));
            });
        for (auto& thread : threads) thread.join();
        EXPECT_EQ(stored, 1);
    }
}

TEST_P(BlobStoreContract, Nothing_is_seen_before_the_commit) {
    auto writer = run(store_->create(BlobKey("a/b"), 0)).value();
    run(writer->write(bytes("hel")));
    EXPECT_EQ(get("a/b"), "(absent)");
    EXPECT_THAT(keys(""), IsEmpty());
    run(writer->write(bytes("lo")));
    EXPECT_EQ(run(writer->commit()), CommitOutcome::stored);
    EXPECT_EQ(get("a/b"), "hello");
}

TEST_P(BlobStoreContract, Writer_that_is_dropped_leaves_nothing) {
    {
        auto writer = run(store_->create(BlobKey("a/b"), 100)).value();
        run(writer->write(bytes("half")));
    }
    EXPECT_THAT(keys(""), IsEmpty());
    EXPECT_EQ(put("a/b", "whole"), CommitOutcome::stored);
}

TEST_P(BlobStoreContract, Expected_size_is_only_a_hint) {
    auto writer = run(store_->create(BlobKey("a"), 1'000'000)).value();
    run(writer->write(bytes("less")));
    run(writer->commit());
    EXPECT_EQ(get("a"), "less");
    writer = run(store_->create(BlobKey("b"), 1)).value();
    run(writer->write(bytes("more than that")));
    run(writer->commit());
    EXPECT_EQ(get("b"), "more than that");
}

TEST_P(BlobStoreContract, More_than_there_is_room_for_is_refused) {
    const auto writer = run(store_->create(BlobKey("a"), std::int64_t{1} << 60));
    ASSERT_FALSE(writer.has_value());
    EXPECT_EQ(writer.error().code, ErrorCode::no_space);
    EXPECT_THAT(keys(""), IsEmpty());
}

TEST_P(BlobStoreContract, Reader_reads_any_part) {
    put("a", "0123456789");
    const auto reader = run(store_->open(BlobKey("a")));
    const auto part = [&](std::int64_t offset, std::size_t length) {
        return std::string(as_text(run(reader->read(offset, length))));
    };
    EXPECT_EQ(reader->size(), 10);
    EXPECT_EQ(part(3, 4), "3456");
    EXPECT_EQ(part(8, 100), "89");
    EXPECT_EQ(part(10, 5), "");
    EXPECT_EQ(part(99, 5), "");
    EXPECT_EQ(part(0, 0), "");
}

TEST_P(BlobStoreContract, Get_of_something_too_long_fails) {
    put("a", "0123456789");
    EXPECT_THROW(run(store_->get(BlobKey("a"), 9)), Failure);
    EXPECT_EQ(run(store_->get(BlobKey("a"), 10)).value().size(), 10U);
}

TEST_P(BlobStoreContract, Removed_is_gone_and_can_be_put_again) {
    put("a/b", "first");
    run(store_->remove(BlobKey("a/b")));
    EXPECT_EQ(get("a/b"), "(absent)");
    EXPECT_EQ(put("a/b", "second"), CommitOutcome::stored);
    EXPECT_EQ(get("a/b"), "second");
}

TEST_P(BlobStoreContract, Move_renames_and_never_replaces) {
    put("staging/u", "new");
    EXPECT_TRUE(run(store_->move(BlobKey("staging/u"), BlobKey("source/v/1"))));
    EXPECT_EQ(get("staging/u"), "(absent)");
    EXPECT_EQ(get("source/v/1"), "new");
    // Again, as after a crash in between.
    EXPECT_TRUE(run(store_->move(BlobKey("staging/u"), BlobKey("source/v/1"))));
    put("staging/u", "other");
    EXPECT_TRUE(run(store_->move(BlobKey("staging/u"), BlobKey("source/v/1"))));
    EXPECT_EQ(get("source/v/1"), "new");
    EXPECT_EQ(get("staging/u"), "(absent)");
}

TEST_P(BlobStoreContract, List_is_in_key_order_and_by_prefix) {
    for (const char* key : {"m/b", "m/a.x", "m/a/2", "m/a/1", "m/a-x", "m/a0", "n", "m.x", "l/z"}) put(key, "x");
    EXPECT_THAT(keys(""), ElementsAre("l/z", "m.x", "m/a-x", "m/a.x", "m/a/1", "m/a/2", "m/a0", "m/b", "n"));
    EXPECT_THAT(keys("m"), ElementsAre("m.x", "m/a-x", "m/a.x", "m/a/1", "m/a/2", "m/a0", "m/b"));
    EXPECT_THAT(keys("m/a"), ElementsAre("m/a-x", "m/a.x", "m/a/1", "m/a/2", "m/a0"));
    EXPECT_THAT(keys("m/a/"), ElementsAre("m/a/1", "m/a/2"));
    EXPECT_THAT(keys("m/a/1"), ElementsAre("m/a/1"));
    EXPECT_THAT(keys("nothing"), IsEmpty());
}

TEST_P(BlobStoreContract, List_gives_pages_that_join_without_gap) {
    constexpr std::size_t kBlobs = 1005;
    std::vector<std::string> stored;
    for (std::size_t i = 0; i < kBlobs; ++i) stored.push_back("p/" + std::to_string(i % 3) + "/" + std::to_string(i));
    put_all(stored);
    const auto page = run(store_->list("p/", std::nullopt));
    EXPECT_THAT(page.items, SizeIs(1000));
    EXPECT_EQ(page.next, page.items.back().key);
    std::ranges::sort(stored);
    EXPECT_EQ(keys("p/"), stored);
}

TEST_P(BlobStoreContract, Remove_all_takes_what_begins_so_and_nothing_else) {
    std::vector<std::string> stored;
    for (int i = 0; i < 1100; ++i) stored.push_back("media/v1/1/r" + std::to_string(i % 4) + "/" + std::to_string(i));
    put_all(stored);
    put("media/v10/1/a", "x");
    put("source/v1/1", "x");
    EXPECT_EQ(run(store_->remove_all("media/v1/")), 1100);
    EXPECT_THAT(keys(""), ElementsAre("media/v10/1/a", "source/v1/1"));
    EXPECT_EQ(run(store_->remove_all("media/v1/")), 0);
}

TEST_P(BlobStoreContract, Blobs_come_and_go_in_one_folder_without_harm) {
    constexpr int kThreads = 4, kRounds = 50;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.emplace_back([&, i] {
            for (int round = 0; round < kRounds; ++round) {
                const std::string key = "deep/er/folder/" + std::to_string(i);
                EXPECT_EQ(put(key, "x"), CommitOutcome::stored);
                EXPECT_EQ(get(key), "x");
                run(store_->remove(BlobKey(key)));
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_THAT(keys(""), IsEmpty());
}

TEST_P(BlobStoreContract, Large_blob_survives_in_pieces) {
    auto writer = run(store_->create(BlobKey("big"), 8 << 20)).value();
    for (int i = 0; i < 8; ++i) run(writer->write(Bytes(1 << 20, static_cast<std::byte>(i))));
    run(writer->commit());
    const auto reader = run(store_->open(BlobKey("big")));
    EXPECT_EQ(reader->size(), 8 << 20);
    const auto joint = run(reader->read((3 << 20) - 1, 2));
    EXPECT_THAT(joint, ElementsAre(std::byte{2}, std::byte{3}));
}

std::string read_file(int descriptor) {
    std::string text(100, '\0');
    const auto got = ::pread(descriptor, text.data(), text.size(), 0);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return text;
}

TEST_P(BlobStoreContract, Blob_can_be_read_along_while_it_is_written) {
    const BlobKey key("source/v/1");
    EXPECT_EQ(run(store_->open_growing(key)), nullptr);
    auto writer = run(store_->create(key, 0)).value();
    const auto growing = run(store_->open_growing(key));
    if (!growing) GTEST_SKIP() << "this store shows nothing that is not whole";
    EXPECT_EQ(growing->growth().bytes, 0);
    run(writer->write(bytes("hello ")));
    const auto some = run(growing->wait_for(6, 10s));
    EXPECT_EQ(some.bytes, 6);
    EXPECT_EQ(some.state, Growth::growing);
    EXPECT_EQ(read_file(growing->descriptor()), "hello ");
    run(writer->write(bytes("world")));
    run(writer->commit());
    EXPECT_EQ(run(growing->wait_for(1000, 10s)).state, Growth::stored);
    writer.reset();
    run(store_->remove(key));
    EXPECT_EQ(growing->growth().state, Growth::stored);
    EXPECT_EQ(growing->growth().bytes, 11);
    EXPECT_EQ(read_file(growing->descriptor()), "hello world");
    EXPECT_EQ(run(store_->open_growing(key)), nullptr);
}

TEST_P(BlobStoreContract, Reader_along_waits_until_bytes_come_or_none_will) {
    const BlobKey key("source/v/1");
    auto writer = run(store_->create(key, 0)).value();
    const auto growing = run(store_->open_growing(key));
    if (!growing) GTEST_SKIP() << "this store shows nothing that is not whole";
    // Nothing comes.
    EXPECT_EQ(run(growing->wait_for(1, 20ms)).bytes, 0);
    std::jthread wait_for_bytes([&] {
        const auto seen = run(growing->wait_for(8, 10s));
        EXPECT_GE(seen.bytes, 8);
        EXPECT_EQ(seen.state, Growth::growing);
    });
    for (int i = 0; i < 4; ++i) run(writer->write(bytes("abc")));
    wait_for_bytes.join();
    std::jthread wait_for_end([&] { EXPECT_EQ(run(growing->wait_for(1000, 10s)).state, Growth::abandoned); });
    writer.reset();
    wait_for_end.join();
}

TEST_P(BlobStoreContract, Reader_along_of_the_second_writer_learns_that_its_bytes_are_dropped) {
    const BlobKey key("source/v/1");
    auto first = run(store_->create(key, 0)).value();
    const auto growing_first = run(store_->open_growing(key));
    if (!growing_first) GTEST_SKIP() << "this store shows nothing that is not whole";
    auto second = run(store_->create(key, 0)).value();
    const auto growing_second = run(store_->open_growing(key));
    run(second->write(bytes("second")));
    run(first->write(bytes("1st")));
    EXPECT_EQ(growing_first->growth().bytes, 3);
    EXPECT_EQ(growing_second->growth().bytes, 6);
    run(first->commit());
    run(second->commit());
    EXPECT_EQ(growing_first->growth().state, Growth::stored);
    EXPECT_EQ(growing_second->growth().state, Growth::abandoned);
}

TEST(BlobKey, Only_plain_names_are_keys) {
    for (const char* good : {"a", "media/0190-x/1/v-h264-720/12.m4s", "A_b-c.d/E"})
        EXPECT_TRUE(BlobKey::parse(good)) << good;
    for (const char* bad :
         {"", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.hidden", ".tmp/x", "a b", "a\\b", "a%2fb", "\xc3\xa4"})
        EXPECT_FALSE(BlobKey::parse(bad)) << bad;
    EXPECT_TRUE(BlobKey::parse(std::string(200, 'a')));
    EXPECT_FALSE(BlobKey::parse(std::string(201, 'a')));
    EXPECT_FALSE(BlobKey::parse(std::string_view("a\0b", 3)));
    EXPECT_THROW(BlobKey("../etc/passwd"), Failure);
}

std::unique_ptr<BlobStore> open_disk(const std::filesystem::path& folder, Pool& pool) {
    return std::make_unique<DiskBlobStore>(DiskBlobStoreOptions{.root = folder / "blobs"}, pool);
}

INSTANTIATE_TEST_SUITE_P(Adapters, BlobStoreContract, testing::Values(BlobStoreCase{"Disk", open_disk}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace movio
