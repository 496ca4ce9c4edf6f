import {
  type InfiniteData,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import {
  changeVideo,
  deleteVideo,
  getVideo,
  getVisibilities,
  listOwnVideos,
  listTrash,
  listVideos,
  restoreVideo,
  search,
} from './client';
import { renewAfterMs } from '../player/renewal';
import { followVideos } from './events';
import type { Page, Video, VideoChange } from './types';

// The stream tells of videos it was asked for; a video that was added since is found by asking for the list again.
const listAgainMs = 10000;

type List = InfiniteData<Page<Video>, string | null>;

// All lists of videos begin with the same word, so that they can be told together that one has changed.
const listKey = ['videos'] as const;
const allKey = [...listKey, 'all'] as const;
const ownKey = [...listKey, 'own'] as const;
const trashKey = [...listKey, 'trash'] as const;
/** What nobody but its owner sees. */
export const ownKeys = [ownKey, trashKey];

export function useVideoList() {
  return useInfiniteQuery({
    queryKey: allKey,
    queryFn: ({ pageParam, signal }) => listVideos(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: listAgainMs,
  });
}

export function useOwnVideos() {
  return useInfiniteQuery({
    queryKey: ownKey,
    queryFn: ({ pageParam, signal }) => listOwnVideos(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: listAgainMs,
  });
}

export function useTrash() {
  return useInfiniteQuery({
    queryKey: trashKey,
    queryFn: ({ pageParam, signal }) => listTrash(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function useSearch(text: string, language: string) {
  return useInfiniteQuery({
    queryKey: ['search', text, language],
    queryFn: ({ pageParam, signal }) => search(text, language, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: text.trim() !== '',
  });
}

export function videoQuery(id: string) {
  return queryOptions({ queryKey: ['video', id], queryFn: ({ signal }) => getVideo(id, signal) });
}

export function useVideo(id: string) {
  return useQuery({
    ...videoQuery(id),
    refetchInterval: ({ state }) => renewAfterMs(state.data?.playback?.expires_at, Date.now()),
    refetchIntervalInBackground: true,
  });
}

export function useVisibilities() {
  return useQuery({
    queryKey: ['visibilities'],
    queryFn: ({ signal }) => getVisibilities(signal),
    // Groups come and go.
    staleTime: listAgainMs,
  });
}

/** What was asked for before the change must not come after it: its media addresses may count no more. */
export function useChangeVideo(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: VideoChange) => changeVideo(id, change),
    onMutate: async () => {
      await client.cancelQueries({ queryKey: listKey });
      await client.cancelQueries({ queryKey: ['video', id] });
    },
    onSuccess: (video) => {
      putVideo(client, video);
      void client.invalidateQueries({ queryKey: listKey });
      void client.invalidateQueries({ queryKey: ['search'] });
    },
  });
}

/** Gone from every list at once; where the server refuses, the lists are fetched again. */
export function useDeleteVideo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => deleteVideo(id),
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey: listKey });
      for (const key of [allKey, ownKey]) dropVideo(client, key, id);
    },
    onSuccess: (_nothing, id) => client.removeQueries({ queryKey: ['video', id] }),
    onSettled: () => forgetLists(client),
  });
}

export function useRestoreVideo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => restoreVideo(id),
    onSuccess: (video) => {
      putVideo(client, video);
      dropVideo(client, trashKey, video.id);
    },
    onSettled: () => forgetLists(client),
  });
}

function forgetLists(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: listKey });
  void client.invalidateQueries({ queryKey: ['search'] });
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
  client.setQueryData<Video>(['video', video.id], (known) => newer(known, video));
  for (const key of [allKey, ownKey]) {
    client.setQueryData<List>(
      key,
      (list) => list && { ...list, pages: list.pages.map((page) => replace(page, video)) },
    );
  }
}

/** Whose a video is depends on who asks; what the stream tells is the same for everyone. */
function newer(known: Video | undefined, video: Video): Video {
  return known ? { ...video, mine: known.mine || video.mine } : video;
}

function replace(page: Page<Video>, video: Video): Page<Video> {
  if (!page.items.some((item) => item.id === video.id)) return page;
  return { ...page, items: page.items.map((item) => (item.id === video.id ? newer(item, video) : item)) };
}

function dropVideo(client: QueryClient, key: readonly string[], id: string): void {
  const without = (page: Page<Video>) => ({ ...page, items: page.items.filter((item) => item.id !== id) });
  client.setQueryData<List>(key, (list) => list && { ...list, pages: list.pages.map(without) });
}
