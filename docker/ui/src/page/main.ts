import { watchAvailability } from './availability.js';
import { manyReviews } from './many.js';
import { showModel } from './model.js';
import { singleReview } from './single.js';

const lookAgain = watchAvailability(showModel);
singleReview(lookAgain);
manyReviews(lookAgain);
