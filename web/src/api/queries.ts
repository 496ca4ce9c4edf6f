import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { getVideo, listVideos } from './client';
import { followVideos } from './events';
import type { Page, Video } from './types';

// The stream tells of videos it was asked for; a video that was added since is found by asking for the list again.
const listAgainMs = 10000;

type List = InfiniteData<Page<Video>, string | null>;

export function useVideoList() {
  return useInfiniteQuery({
    queryKey: ['videos'],
    queryFn: ({ pageParam, signal }) => listVideos(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: listAgainMs,
  });
}

export function useVideo(id: string) {
  return useQuery({ queryKey: ['video', id], queryFn: ({ signal }) => getVideo(id, signal) });
}

/** Keeps the given videos up to date while the calling component is shown: one stream for all of them. */
export function useLiveVideos(ids: readonly string[]): void {
  const client = useQueryClient();
  const key = [...ids].sort().join(' ');
  useEffect(() => {
    const follow = key === '' ? [] : key.split(' ');
    return followVideos(follow, {
      onVideo: (video) => putVideo(client, video),
      onStale: () => void client.invalidateQueries(),
    });
  }, [client, key]);
}

/** Puts a newer state of one video wherever the pages read it from. */
export function putVideo(client: QueryClient, video: Video): void {
  client.setQueryData<Video>(['video', video.id], video);
  client.setQueryData<List>(
    ['videos'],
    (list) => list && { ...list, pages: list.pages.map((page) => replace(page, video)) },
  );
}

function replace(page: Page<Video>, video: Video): Page<Video> {
  if (!page.items.some((item) => item.id === video.id)) return page;
  return { ...page, items: page.items.map((item) => (item.id === video.id ? video : item)) };
}
