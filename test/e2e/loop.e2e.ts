import { describeOnCluster } from './kubectl';
import { beginning } from './loop/chapters/beginning';
import { healing } from './loop/chapters/healing';
import { models } from './loop/chapters/models';
import { serving } from './loop/chapters/serving';
import { strategies } from './loop/chapters/strategies';
import { beginStory } from './loop/story';

describeOnCluster('the loop', () => {
  const story = beginStory();
  beginning(story);
  models(story);
  serving(story);
  healing(story);
  strategies(story);
});
